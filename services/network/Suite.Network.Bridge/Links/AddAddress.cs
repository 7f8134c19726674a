using System.Net.Sockets;
using Suite.Network.Bridge.Netlink;
using Suite.Network.Bridge.Plans;
using static Suite.Network.Bridge.Netlink.Rtnetlink;

namespace Suite.Network.Bridge.Links;

/// <summary>
/// Gives a link its address. Repeating it changes nothing. Duplicate address detection is left out: the address is ours to give,
/// and the second or more that the kernel would wait is what makes pods slow.
/// </summary>
internal sealed record AddAddress(Channel Where, string Link, LinkAddress Address) : MessageStep
{
    public override Channel Channel => Where;

    public override string Text => $"{(Where == Channel.Inside ? "inside: " : "")}address add {Address} dev {Link}{(Address.IsIpv6 ? " nodad" : "")}";

    public override bool StartsSend => Where == Channel.Host;

    public override void Write(NetlinkWriter writer, uint sequence, ushort flags, IPlaces places)
    {
        writer.Address(
            RTM_NEWADDR, (ushort)(flags | NLM_F_CREATE | NLM_F_REPLACE), sequence, Family(Address.Address.AddressFamily), Address.Prefix, places.IndexOf(Where, Link));
        writer.Put(IFA_LOCAL, Address.Address);
        writer.Put(IFA_ADDRESS, Address.Address);
        if (Address.IsIpv6)
        {
            writer.Put(IFA_FLAGS, IFA_F_NODAD);
        }
        else
        {
            var subnet = IpSubnet.Of(Address.Address, Address.Prefix);
            writer.Put(IFA_BROADCAST, subnet.ToAddress(subnet.Last));
        }
    }

    internal static byte Family(AddressFamily family) => family == AddressFamily.InterNetworkV6 ? AF_INET6 : AF_INET;
}
