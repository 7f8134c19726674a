using System.Threading.Channels;
using Suite.Linux.Errors;
using Suite.Network.Bridge.Netlink;
using Suite.Network.Bridge.Plans;

namespace Suite.Network.Bridge.Links;

/// <summary>
/// Removes condemned links behind the back of those who detach, as many at once as there are. Most have gone with their namespace by
/// then. It has a socket of its own: the kernel's wait is inside the send, after its lock for links is free again, so others go on
/// meanwhile.
/// </summary>
internal sealed class LinkReaper : IDisposable
{
    private static readonly TimeSpan Courtesy = TimeSpan.FromMilliseconds(50);

    private readonly Lock _lock = new();
    private readonly NetlinkSocket _socket = NetlinkSocket.OpenRoute();
    private readonly PlanRunner _runner;
    private readonly Channel<bool> _wake = System.Threading.Channels.Channel.CreateBounded<bool>(new BoundedChannelOptions(1) { FullMode = BoundedChannelFullMode.DropWrite });
    private readonly Task _work;

    public LinkReaper()
    {
        _runner = new PlanRunner(_socket, _socket);
        _work = Task.Run(WorkAsync);
    }

    public void Wake() => _wake.Writer.TryWrite(true);

    /// <summary>Removes what is condemned now and returns when it is gone.</summary>
    public void Settle()
    {
        lock (_lock)
        {
            _runner.Run([new DeleteCondemned()]);
        }
    }

    public void Dispose()
    {
        _wake.Writer.TryComplete();
        _work.GetAwaiter().GetResult();
        _socket.Dispose();
    }

    private async Task WorkAsync()
    {
        await foreach (bool _ in _wake.Reader.ReadAllAsync())
        {
            await Task.Delay(Courtesy);
            try
            {
                Settle();
            }
            catch (SuiteException)
            {
                // They are down and stay in their group: the next detach, or the next start, tries again.
            }
        }
    }
}
