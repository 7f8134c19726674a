using System.Collections.Immutable;
using Suite.Linux.Namespaces;
using Suite.Network.Bridge.Links;
using Suite.Network.Bridge.Netlink;
using Suite.Network.Bridge.Plans;

namespace Suite.Network.Bridge.Namespaces;

/// <summary>
/// A namespace with loopback up and a netlink socket inside, waiting for a sandbox. It has no name yet: should this process
/// die, the kernel takes it back, and the links in it.
/// </summary>
internal sealed class PreparedNamespace(NetworkNamespace space, NetlinkSocket inside) : IDisposable
{
    public NetworkNamespace Space => space;

    public NetlinkSocket Inside => inside;

    /// <summary>The numbers of links inside, as far as they were asked for.</summary>
    public Dictionary<string, int> Indexes { get; } = new(StringComparer.Ordinal);

    public static PreparedNamespace Create()
    {
        var space = NetworkNamespace.Create(Prepare, out var inside);
        return new PreparedNamespace(space, inside);
    }

    /// <summary>A namespace that has a name already, for work on it after a restart.</summary>
    public static PreparedNamespace Open(string path)
    {
        var space = NetworkNamespace.Open(path);
        try
        {
            return new PreparedNamespace(space, space.Run(NetlinkSocket.OpenRoute));
        }
        catch
        {
            space.Dispose();
            throw;
        }
    }

    public void Dispose()
    {
        inside.Dispose();
        space.Dispose();
    }

    private static NetlinkSocket Prepare()
    {
        var socket = NetlinkSocket.OpenRoute();
        try
        {
            ImmutableArray<Step> plan =
            [
                new SetLinkUp(Channel.Inside, "lo"),
                // "default" is for links that come later. No link gets an address of IPv6 by itself: on a network without IPv6 a
                // link-local one would lead past its rules. Addresses are ours to give, so nobody need be asked about them.
                new SetSysctl("net/ipv6/conf/default/addr_gen_mode", "1", IfThere: true, Unread: true),
                new SetSysctl("net/ipv6/conf/default/accept_dad", "0", IfThere: true, Unread: true),
                new SetSysctl("net/ipv6/conf/default/accept_ra", "0", IfThere: true, Unread: true),
            ];
            new PlanRunner(socket, socket).Run(plan, sandbox: null, inside: socket);
            return socket;
        }
        catch
        {
            socket.Dispose();
            throw;
        }
    }
}
