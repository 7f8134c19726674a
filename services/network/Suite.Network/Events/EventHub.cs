using System.Threading.Channels;

namespace Suite.Network.Events;

/// <summary>Tells whoever listens what happens. Nobody is waited for: a listener that is too late is cut off, and knows it.</summary>
internal sealed class EventHub(TimeProvider time)
{
    private const int MostPending = 4096;

    private readonly Lock _lock = new();
    private readonly List<Channel<NetworkEvent>> _listeners = [];

    public void Publish(NetworkEventKind kind, string network, string sandbox = "")
    {
        var happened = new NetworkEvent(kind, network, sandbox, time.GetUtcNow());
        lock (_lock)
        {
            _listeners.RemoveAll(listener => !listener.Writer.TryWrite(happened) && listener.Writer.TryComplete());
        }
    }

    /// <summary>The events from now on. The channel is completed when its reader is more than 4096 behind.</summary>
    public Subscription Subscribe()
    {
        var channel = Channel.CreateBounded<NetworkEvent>(new BoundedChannelOptions(MostPending) { SingleReader = true });
        lock (_lock)
        {
            _listeners.Add(channel);
        }

        return new Subscription(this, channel);
    }

    internal sealed class Subscription(EventHub hub, Channel<NetworkEvent> channel) : IDisposable
    {
        public ChannelReader<NetworkEvent> Events => channel.Reader;

        public void Dispose()
        {
            lock (hub._lock)
            {
                hub._listeners.Remove(channel);
            }
        }
    }
}
