using System.Net;
using Suite.Network.Bridge.Netlink;
using Suite.Network.Bridge.Plans;
using static Suite.Network.Bridge.Netlink.Rtnetlink;

namespace Suite.Network.Bridge.Links;

/// <summary>Gives a link its address. Repeating it changes nothing.</summary>
internal sealed record AddAddress(Channel Where, string Link, IPAddress Address, Ipv4Subnet Subnet) : MessageStep
{
    public override Channel Channel => Where;

    public override string Text => $"{(Where == Channel.Inside ? "inside: " : "")}address add {Address}/{Subnet.Prefix} dev {Link}";

    public override bool StartsSend => Where == Channel.Host;

    public override void Write(NetlinkWriter writer, uint sequence, ushort flags, IPlaces places)
    {
        writer.Address(RTM_NEWADDR, (ushort)(flags | NLM_F_CREATE | NLM_F_REPLACE), sequence, Subnet.Prefix, places.IndexOf(Where, Link));
        writer.Put(IFA_LOCAL, Address);
        writer.Put(IFA_ADDRESS, Address);
        writer.Put(IFA_BROADCAST, Ipv4Subnet.ToAddress(Subnet.Last));
    }
}
