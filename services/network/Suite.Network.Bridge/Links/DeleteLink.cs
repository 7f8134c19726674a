using Suite.Linux.Errors;
using Suite.Network.Bridge.Netlink;
using Suite.Network.Bridge.Plans;
using static Suite.Network.Bridge.Netlink.Rtnetlink;

namespace Suite.Network.Bridge.Links;

/// <summary>Removes a link of the host; a veth's other end goes with it. That it is gone already is no error.</summary>
internal sealed record DeleteLink(string Name) : MessageStep
{
    public override Channel Channel => Channel.Host;

    public override string Text => $"link del {Name}";

    public override bool Forgives(int errno) => errno == ErrnoNames.ENODEV;

    public override void Write(NetlinkWriter writer, uint sequence, ushort flags, IPlaces places)
    {
        writer.Link(RTM_DELLINK, flags, sequence);
        writer.Put(IFLA_IFNAME, Name);
    }
}
