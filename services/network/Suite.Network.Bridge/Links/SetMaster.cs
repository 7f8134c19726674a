using Suite.Network.Bridge.Netlink;
using Suite.Network.Bridge.Plans;
using static Suite.Network.Bridge.Netlink.Rtnetlink;

namespace Suite.Network.Bridge.Links;

/// <summary>Puts a link on a bridge, or back on it.</summary>
internal sealed record SetMaster(string Name, string Bridge) : MessageStep
{
    public override Channel Channel => Channel.Host;

    public override string Text => $"link set {Name} master {Bridge}";

    public override void Write(NetlinkWriter writer, uint sequence, ushort flags, IPlaces places)
    {
        writer.Link(RTM_NEWLINK, flags, sequence);
        writer.Put(IFLA_IFNAME, Name);
        writer.Put(IFLA_MASTER, places.IndexOf(Channel.Host, Bridge));
    }
}
