using System.Threading.Channels;

namespace Suite.Runtime.Events;

/// <summary>What happened to a pod or container, in CRI's order of words.</summary>
internal enum ContainerEventKind
{
    Created,
    Started,
    Stopped,
    Deleted,
}

/// <param name="Id">Of the container, or of the pod itself.</param>
/// <param name="At">Nanoseconds since the epoch.</param>
internal sealed record ContainerEvent(string Id, string PodId, ContainerEventKind Kind, long At);

/// <summary>Tells every listener what happens. One that does not read loses the oldest events, and holds nobody back.</summary>
internal sealed class ContainerEvents(TimeProvider time)
{
    private const int Backlog = 4096;

    private readonly Lock _guard = new();
    private Channel<ContainerEvent>[] _listeners = [];

    public void PodStarted(string podId) => Publish(podId, podId, ContainerEventKind.Started);

    public void PodStopped(string podId) => Publish(podId, podId, ContainerEventKind.Stopped);

    public void PodDeleted(string podId) => Publish(podId, podId, ContainerEventKind.Deleted);

    public void Publish(string id, string podId, ContainerEventKind kind)
    {
        var listeners = _listeners;
        if (listeners.Length == 0)
            return;
        var happened = new ContainerEvent(id, podId, kind, time.NowNanoseconds());
        foreach (var listener in listeners)
            listener.Writer.TryWrite(happened);
    }

    /// <summary>Events from now on, until cancelled.</summary>
    public async IAsyncEnumerable<ContainerEvent> ListenAsync([System.Runtime.CompilerServices.EnumeratorCancellation] CancellationToken cancellationToken)
    {
        var channel = Channel.CreateBounded<ContainerEvent>(new BoundedChannelOptions(Backlog) { FullMode = BoundedChannelFullMode.DropOldest });
        lock (_guard)
            _listeners = [.. _listeners, channel];
        try
        {
            await foreach (var happened in channel.Reader.ReadAllAsync(cancellationToken).ConfigureAwait(false))
                yield return happened;
        }
        finally
        {
            lock (_guard)
                _listeners = [.. _listeners.Where(listener => listener != channel)];
        }
    }
}
