using Suite.Linux.Errors;
using Suite.Linux.Handles;
using Suite.Linux.Native;
using Suite.Network.Bridge.Netlink;
using static Suite.Network.Bridge.Firewall.NfTables;
using static Suite.Network.Bridge.Netlink.Rtnetlink;

namespace Suite.Network.Bridge.Watches;

/// <summary>
/// Listens to the kernel's announcements and passes on those that look like damage. It asks nothing and changes nothing; what it
/// passes on may turn out to be our own doing, and whoever hears it looks at the whole anyway.
/// </summary>
public sealed class KernelWatch : IDisposable
{
    private const int BufferBytes = 4 << 20;
    private const int DatagramBytes = 64 << 10;

    private readonly string _table;
    private readonly uint _ownPort;
    private readonly NetlinkListener _links;
    private readonly NetlinkListener _rules;

    /// <param name="ownPort">The number of the socket by which we change the firewall ourselves.</param>
    internal KernelWatch(string table, uint ownPort)
    {
        (_table, _ownPort) = (table, ownPort);
        _links = NetlinkListener.Open(NetlinkCalls.NETLINK_ROUTE, BufferBytes, RTNLGRP_LINK, RTNLGRP_IPV4_IFADDR, RTNLGRP_IPV6_IFADDR);
        try
        {
            _rules = NetlinkListener.Open(NetlinkCalls.NETLINK_NETFILTER, BufferBytes, NFNLGRP_NFTABLES);
        }
        catch
        {
            _links.Dispose();
            throw;
        }
    }

    /// <summary>Reports until it is cancelled or disposed. <paramref name="report"/> is called from two tasks and must return at once.</summary>
    public Task RunAsync(Action<KernelChange> report, CancellationToken cancellationToken) => Task.WhenAll(
        ListenAsync(_links, message => Announcements.OfLinks(message), report, cancellationToken),
        ListenAsync(_rules, message => Announcements.OfRules(message, _table, _ownPort), report, cancellationToken));

    public void Dispose()
    {
        _links.Dispose();
        _rules.Dispose();
    }

    private delegate KernelChange? Reading(NetlinkReader message);

    private static async Task ListenAsync(NetlinkListener listener, Reading read, Action<KernelChange> report, CancellationToken cancellationToken)
    {
        var buffer = new byte[DatagramBytes];
        while (await listener.WaitAsync(cancellationToken))
        {
            int error;
            while ((error = listener.TryReceive(buffer, out int length)) is not ErrnoNames.EAGAIN)
            {
                if (error is ErrnoNames.EBADF)
                {
                    return;
                }

                if (error != 0 || !TryReport(buffer.AsSpan(0, length), read, report))
                {
                    report(new KernelChange(KernelChangeKind.Unknown));
                }
            }
        }
    }

    /// <returns>False when the datagram makes no sense: what it said is then not known.</returns>
    private static bool TryReport(ReadOnlySpan<byte> datagram, Reading read, Action<KernelChange> report)
    {
        try
        {
            var reader = new NetlinkReader(datagram);
            while (reader.Next())
            {
                if (read(reader) is { } change)
                {
                    report(change);
                }
            }

            return true;
        }
        catch (SuiteException)
        {
            return false;
        }
    }
}
