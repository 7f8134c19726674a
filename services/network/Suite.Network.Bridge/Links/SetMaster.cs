using Suite.Network.Bridge.Netlink;
using Suite.Network.Bridge.Plans;
using static Suite.Network.Bridge.Netlink.Rtnetlink;

namespace Suite.Network.Bridge.Links;

/// <summary>Puts a link on a bridge, or back on it. Where it is there and up, nothing happens.</summary>
internal sealed record SetMaster(string Name, string Bridge) : MessageStep
{
    public override Channel Channel => Channel.Host;

    public override string Text => $"link set {Name} master {Bridge} up";

    public override void Write(NetlinkWriter writer, uint sequence, ushort flags, IPlaces places)
    {
        writer.Link(RTM_NEWLINK, flags, sequence, up: true);
        writer.Put(IFLA_IFNAME, Name);
        writer.Put(IFLA_MASTER, places.IndexOf(Channel.Host, Bridge));
    }
}
