using Suite.Network.Bridge.Netlink;
using Suite.Network.Bridge.Plans;
using static Suite.Network.Bridge.Netlink.Rtnetlink;

namespace Suite.Network.Bridge.Links;

/// <summary>
/// Opens the host's end of a link, and lets frames leave by the port of the bridge that they came in by: a sandbox that calls its
/// own published port gets its packet back when the host filters bridged traffic (br_netfilter), as Kubernetes hosts do. The link
/// must be on its bridge already.
/// </summary>
internal sealed record SetHairpin(string Name) : MessageStep
{
    public override Channel Channel => Channel.Host;

    public override string Text => $"link set {Name} up type bridge_slave hairpin on";

    public override void Write(NetlinkWriter writer, uint sequence, ushort flags, IPlaces places)
    {
        writer.Link(RTM_NEWLINK, flags, sequence, up: true);
        writer.Put(IFLA_IFNAME, Name);
        using (writer.Nest(IFLA_LINKINFO))
        {
            writer.Put(IFLA_INFO_SLAVE_KIND, "bridge");
            using (writer.Nest(IFLA_INFO_SLAVE_DATA))
            {
                writer.Put(IFLA_BRPORT_MODE, (byte)1);
            }
        }
    }
}
