namespace Suite.Runtime.Shim.Loops;

/// <summary>
/// Keeps the heap small although the collector never starts by itself. Between two events there is no clone under way, and
/// when this returns the finalizer's thread is at rest.
/// </summary>
internal sealed class IdleCollection
{
    private const long Budget = 256 << 10;

    private long _last;

    public void Run()
    {
        var allocated = GC.GetAllocatedBytesForCurrentThread();
        if (allocated - _last < Budget)
            return;
        _last = allocated;
        GC.Collect();
        GC.WaitForPendingFinalizers();
    }
}
