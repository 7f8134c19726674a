using Suite.Network.Bridge.Netlink;
using Suite.Network.Bridge.Plans;
using static Suite.Network.Bridge.Netlink.Rtnetlink;

namespace Suite.Network.Bridge.Links;

internal sealed record SetLinkUp(Channel Where, string Name) : MessageStep
{
    public override Channel Channel => Where;

    public override string Text => $"{(Where == Channel.Inside ? "inside: " : "")}link set {Name} up";

    public override void Write(NetlinkWriter writer, uint sequence, ushort flags, IPlaces places)
    {
        writer.Link(RTM_NEWLINK, flags, sequence, up: true);
        writer.Put(IFLA_IFNAME, Name);
    }
}
