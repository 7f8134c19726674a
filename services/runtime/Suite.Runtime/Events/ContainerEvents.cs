using System.Runtime.CompilerServices;
using Suite.Runtime.Pods;
using Suite.Runtime.Store;

namespace Suite.Runtime.Events;

/// <summary>
/// Tells every listener what happens, in one order. Nothing is lost in silence: what happens while nobody listens is kept for
/// the next listener, for a while, and one that does not read is sent away with an error, so that it comes again and lists.
/// </summary>
internal sealed class ContainerEvents(Inventory inventory, TimeProvider time)
{
    private readonly Lock _guard = new();
    private readonly UnheardEvents _unheard = new();
    private readonly List<EventListener> _listeners = [];

    public void PodStarted(Pod pod) => Publish(pod.Id, pod, ContainerEventKind.Started);

    public void PodStopped(Pod pod) => Publish(pod.Id, pod, ContainerEventKind.Stopped);

    /// <param name="pod">As it was last: it is in no inventory any more.</param>
    public void PodDeleted(Pod pod) => Publish(pod.Id, pod, ContainerEventKind.Deleted);

    /// <summary>Something happened to a container, and is in the inventory already.</summary>
    public void Publish(string containerId, string podId, ContainerEventKind kind)
    {
        if (inventory.TryGetPod(podId, out var pod))
            Publish(containerId, pod, kind);
    }

    /// <summary>Events from now on, and those that nobody has heard yet, until cancelled.</summary>
    /// <exception cref="Suite.Linux.Errors.SuiteException">ResourceExhausted: too many were left unread.</exception>
    public async IAsyncEnumerable<ContainerEvent> ListenAsync([EnumeratorCancellation] CancellationToken cancellationToken)
    {
        var listener = new EventListener();
        lock (_guard)
        {
            foreach (var happened in _unheard.TakeAll(time.NowNanoseconds()))
                listener.Tell(happened);
            _listeners.Add(listener);
        }
        try
        {
            await foreach (var happened in listener.Heard.ReadAllAsync(cancellationToken).ConfigureAwait(false))
                yield return happened;
        }
        finally
        {
            Leave(listener);
        }
    }

    private void Publish(string id, Pod pod, ContainerEventKind kind)
    {
        lock (_guard)
        {
            var happened = new ContainerEvent(id, kind, time.NowNanoseconds(), pod, inventory.ContainersOf(pod.Id));
            if (_listeners.Count == 0)
                _unheard.Add(happened);
            foreach (var listener in _listeners)
                listener.Tell(happened);
        }
    }

    // What the last listener had not read yet is for the next one.
    private void Leave(EventListener listener)
    {
        lock (_guard)
        {
            _listeners.Remove(listener);
            if (_listeners.Count > 0)
                return;
            while (listener.Heard.TryRead(out var happened))
                _unheard.Add(happened);
        }
    }
}
