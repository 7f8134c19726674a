using System.Threading.Channels;
using Suite.Linux.Errors;

namespace Suite.Runtime.Events;

/// <summary>One who listens, and what has been told but not read.</summary>
internal sealed class EventListener
{
    public const int MostUnread = 4096;

    private readonly Channel<ContainerEvent> _channel = Channel.CreateBounded<ContainerEvent>(new BoundedChannelOptions(MostUnread) { SingleReader = true });

    public ChannelReader<ContainerEvent> Heard => _channel.Reader;

    /// <summary>Never waits. A listener with too much unread gets what there is, and then an error.</summary>
    public void Tell(ContainerEvent happened)
    {
        if (!_channel.Writer.TryWrite(happened))
            _channel.Writer.TryComplete(new SuiteException(ErrorKind.ResourceExhausted, $"{MostUnread} events were not read in time; list pods and containers, and listen again"));
    }
}
