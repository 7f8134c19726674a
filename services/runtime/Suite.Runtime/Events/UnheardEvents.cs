namespace Suite.Runtime.Events;

/// <summary>What happened while nobody listened: a kubelet that was restarted hears it. Older than that, it lists anyway.</summary>
internal sealed class UnheardEvents
{
    public const int Most = 1024;

    public static readonly TimeSpan Kept = TimeSpan.FromMinutes(5);

    private readonly Queue<ContainerEvent> _events = new();

    public void Add(ContainerEvent happened)
    {
        if (_events.Count == Most)
            _events.Dequeue();
        _events.Enqueue(happened);
    }

    /// <param name="now">Nanoseconds since the epoch.</param>
    public IReadOnlyList<ContainerEvent> TakeAll(long now)
    {
        ContainerEvent[] fresh = [.. _events.Where(happened => now - happened.At <= Kept.Ticks * 100)];
        _events.Clear();
        return fresh;
    }
}
