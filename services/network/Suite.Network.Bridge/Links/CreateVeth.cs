using Suite.Network.Bridge.Netlink;
using Suite.Network.Bridge.Plans;
using static Suite.Network.Bridge.Netlink.Rtnetlink;

namespace Suite.Network.Bridge.Links;

/// <summary>
/// Makes both ends of a sandbox's link in one message: the host's end on the bridge, the other inside the sandbox's namespace
/// under its final name. Moving or renaming it later would each take the kernel's one lock for links again.
/// </summary>
/// <param name="PeerMac">Null: of the kernel's choice, for now.</param>
internal sealed record CreateVeth(string Name, string Bridge, string Peer, MacAddress? PeerMac, int Mtu) : MessageStep
{
    public override Channel Channel => Channel.Host;

    public override string Text =>
        $"link add {Name} mtu {Mtu} master {Bridge} type veth peer {Peer}{(PeerMac is { } mac ? $" address {mac}" : "")} mtu {Mtu} in the sandbox";

    public override void Write(NetlinkWriter writer, uint sequence, ushort flags, IPlaces places)
    {
        writer.Link(RTM_NEWLINK, (ushort)(flags | NLM_F_CREATE | NLM_F_EXCL), sequence);
        writer.Put(IFLA_IFNAME, Name);
        writer.Put(IFLA_MTU, Mtu);
        writer.Put(IFLA_MASTER, places.IndexOf(Channel.Host, Bridge));
        using (writer.Nest(IFLA_LINKINFO))
        {
            writer.Put(IFLA_INFO_KIND, "veth");
            using (writer.Nest(IFLA_INFO_DATA))
            using (writer.Nest(VETH_INFO_PEER))
            {
                Span<byte> header = stackalloc byte[LinkHeaderBytes];
                // Down: the kernel opens a peer before it is joined to its other end, and veth_open fails then (ENOTCONN).
                LinkMessages.WriteLinkHeader(header, up: null);
                writer.Raw(header);
                writer.Put(IFLA_IFNAME, Peer);
                if (PeerMac is { } mac)
                {
                    writer.Put(IFLA_ADDRESS, mac.ToBytes());
                }

                writer.Put(IFLA_MTU, Mtu);
                writer.Put(IFLA_NET_NS_FD, places.SandboxDescriptor);
            }
        }
    }
}
