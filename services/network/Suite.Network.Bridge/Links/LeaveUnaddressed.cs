using Suite.Network.Bridge.Netlink;
using Suite.Network.Bridge.Plans;
using static Suite.Network.Bridge.Netlink.Rtnetlink;

namespace Suite.Network.Bridge.Links;

/// <summary>
/// Gives the host's end of a link no address of IPv6 as it comes up. It needs none, being a port of a bridge; each would cost the
/// host two routes, and the bridge a report that is sent out of every other port. A kernel without IPv6 gives none anyway.
/// </summary>
internal sealed record LeaveUnaddressed(string Name) : MessageStep
{
    private const int EAFNOSUPPORT = 97; // asm-generic/errno.h

    public override Channel Channel => Channel.Host;

    public override string Text => $"link set {Name} addrgenmode none";

    public override bool Forgives(int errno) => errno == EAFNOSUPPORT;

    public override void Write(NetlinkWriter writer, uint sequence, ushort flags, IPlaces places)
    {
        writer.Link(RTM_NEWLINK, flags, sequence);
        writer.Put(IFLA_IFNAME, Name);
        using (writer.Nest(IFLA_AF_SPEC))
        using (writer.Nest(AF_INET6))
        {
            writer.Put(IFLA_INET6_ADDR_GEN_MODE, IN6_ADDR_GEN_MODE_NONE);
        }
    }
}
