namespace Suite.Runtime.Containers;

/// <summary>
/// How much of what a process says is kept, of all its streams together: a probe that floods must not fill the memory of the
/// service (CVE-2022-1708), and the answer that carries it must fit into the 16 MiB that kubelet takes in one message.
/// </summary>
internal sealed class OutputBudget
{
    /// <summary>The rest of the message is a few bytes.</summary>
    public const int Bytes = (16 << 20) - (64 << 10);

    private int _left = Bytes;

    /// <returns>How much of it may be kept.</returns>
    public int Take(int wanted)
    {
        while (true)
        {
            var left = Volatile.Read(ref _left);
            var taken = Math.Min(wanted, left);
            if (taken == 0 || Interlocked.CompareExchange(ref _left, left - taken, left) == left)
                return taken;
        }
    }
}
