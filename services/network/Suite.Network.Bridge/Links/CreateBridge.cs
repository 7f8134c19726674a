using Suite.Network.Bridge.Netlink;
using Suite.Network.Bridge.Plans;
using static Suite.Network.Bridge.Netlink.Rtnetlink;

namespace Suite.Network.Bridge.Links;

/// <summary>
/// Makes a bridge, or brings an existing one to the same settings. Its hardware address is pinned: a bridge without one takes
/// the lowest of its ports', which changes as they come and go and makes every neighbour's ARP entry wrong. Multicast goes to every port: without a
/// querier (RFC 4541), and there is none, snooping comes to the same and costs a record for each address of each sandbox.
/// </summary>
internal sealed record CreateBridge(string Name, MacAddress Mac, int Mtu) : MessageStep
{
    public override Channel Channel => Channel.Host;

    public override string Text => $"link add {Name} type bridge address {Mac} mtu {Mtu} stp off forward_delay 0 mcast_snooping 0 up";

    public override void Write(NetlinkWriter writer, uint sequence, ushort flags, IPlaces places)
    {
        writer.Link(RTM_NEWLINK, (ushort)(flags | NLM_F_CREATE), sequence, up: true);
        writer.Put(IFLA_IFNAME, Name);
        writer.Put(IFLA_ADDRESS, Mac.ToBytes());
        writer.Put(IFLA_MTU, Mtu);
        using (writer.Nest(IFLA_LINKINFO))
        {
            writer.Put(IFLA_INFO_KIND, "bridge");
            using (writer.Nest(IFLA_INFO_DATA))
            {
                writer.Put(IFLA_BR_STP_STATE, 0);
                writer.Put(IFLA_BR_FORWARD_DELAY, 0);
                writer.Put(IFLA_BR_MCAST_SNOOPING, (byte)0);
            }
        }
    }
}
