using Suite.Network.Bridge.Netlink;
using Suite.Network.Bridge.Plans;
using static Suite.Network.Bridge.Netlink.Rtnetlink;

namespace Suite.Network.Bridge.Links;

/// <param name="Mac">Its hardware address from now on; null: the one that it has.</param>
/// <param name="LinkLocal">Whether it gets a link-local address of IPv6 as it comes up; prepared namespaces give none by themselves.</param>
internal sealed record SetLinkUp(Channel Where, string Name, bool LinkLocal = false, MacAddress? Mac = null) : MessageStep
{
    public override Channel Channel => Where;

    public override string Text => $"{(Where == Channel.Inside ? "inside: " : "")}link set {Name}{(Mac is { } mac ? $" address {mac}" : "")} up{(LinkLocal ? " addrgenmode eui64" : "")}";

    public override void Write(NetlinkWriter writer, uint sequence, ushort flags, IPlaces places)
    {
        writer.Link(RTM_NEWLINK, flags, sequence, up: true);
        writer.Put(IFLA_IFNAME, Name);
        if (Mac is { } mac)
        {
            writer.Put(IFLA_ADDRESS, mac.ToBytes());
        }

        if (LinkLocal)
        {
            using (writer.Nest(IFLA_AF_SPEC))
            using (writer.Nest(AF_INET6))
            {
                writer.Put(IFLA_INET6_ADDR_GEN_MODE, IN6_ADDR_GEN_MODE_EUI64);
            }
        }
    }
}
