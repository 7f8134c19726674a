using System.Collections.Immutable;
using System.Text;
using Suite.Network.Bridge.Links;
using Suite.Network.Bridge.Plans;
using static Suite.Network.Bridge.Firewall.NfTables;

namespace Suite.Network.Bridge.Firewall;

/// <summary>
/// Stops what a sandbox's kernel announces each time that it gets an address of IPv6: that it listens to neighbour discovery for it (RFC
/// 3810, 6.1). Our bridges flood multicast, so nobody needs to know who listens; but the announcement would be flooded too, to every sandbox
/// of the host, and be most of what it costs to start the 500th. What programs announce that they listen to goes its way.
/// </summary>
internal static class Hush
{
    private const byte Icmpv6 = 58;
    private const byte ListenerReport = 143; // MLDv2; its first record is 8 bytes behind, and that record's group 4 more
    private const uint FirstGroup = 12;
    private const int BeforeAll = -300;

    /// <summary>ff02::1:ff00:0/104: the groups of neighbour discovery (RFC 4291, 2.7.1).</summary>
    private static readonly byte[] SolicitedNodes = [0xff, 0x02, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0x01, 0xff];

    public static ImmutableArray<Step> Replace(string instance) =>
    [
        .. Remove(instance),
        new AddTable(instance, NFPROTO_BRIDGE),
        new AddBaseChain(instance, "hush", "filter", NF_INET_PRE_ROUTING, BeforeAll, NFPROTO_BRIDGE),
        new AddRule(
            instance,
            "hush",
            $"iifname \"{HostEnd.PrefixOf(instance)}*\" meta l4proto {Icmpv6} @th,0,8 {ListenerReport} @th,{FirstGroup * 8},{SolicitedNodes.Length * 8} 0x{Convert.ToHexStringLower(SolicitedNodes)} drop",
            [
                new LoadMeta(NFT_META_IIFNAME), new Compare(NFT_CMP_EQ, Encoding.ASCII.GetBytes(HostEnd.PrefixOf(instance))),
                new LoadMeta(NFT_META_L4PROTO), new Compare(NFT_CMP_EQ, [Icmpv6]),
                new LoadPayload(NFT_PAYLOAD_TRANSPORT_HEADER, 0, 1), new Compare(NFT_CMP_EQ, [ListenerReport]),
                new LoadPayload(NFT_PAYLOAD_TRANSPORT_HEADER, FirstGroup, (uint)SolicitedNodes.Length), new Compare(NFT_CMP_EQ, SolicitedNodes),
                new Verdict(NF_DROP),
            ],
            NFPROTO_BRIDGE),
    ];

    public static ImmutableArray<Step> Remove(string instance) => [new AddTable(instance, NFPROTO_BRIDGE), new DeleteTable(instance, NFPROTO_BRIDGE)];
}
