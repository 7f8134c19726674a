using System.Net;
using Suite.Network.Bridge.Netlink;
using Suite.Network.Bridge.Plans;
using static Suite.Network.Bridge.Netlink.Rtnetlink;

namespace Suite.Network.Bridge.Links;

/// <summary>The sandbox's way out. The link must be up and have its address before: the kernel checks that the gateway is near.</summary>
internal sealed record AddDefaultRoute(IPAddress Gateway) : MessageStep
{
    public override Channel Channel => Channel.Inside;

    public override string Text => $"inside: route add default via {Gateway}";

    public override void Write(NetlinkWriter writer, uint sequence, ushort flags, IPlaces places)
    {
        writer.Route(RTM_NEWROUTE, (ushort)(flags | NLM_F_CREATE | NLM_F_REPLACE), sequence, AddAddress.Family(Gateway.AddressFamily), destinationPrefix: 0);
        writer.Put(RTA_GATEWAY, Gateway);
    }
}
