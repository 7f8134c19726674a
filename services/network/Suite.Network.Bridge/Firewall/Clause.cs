using System.Collections.Immutable;
using System.Net;
using static Suite.Network.Bridge.Firewall.NfTables;

namespace Suite.Network.Bridge.Firewall;

/// <summary>
/// A clause of a rule in nft's words together with the instructions that nft(8) itself makes of it, so that a rule's text
/// and what the kernel runs cannot drift apart.
/// </summary>
internal sealed record Clause(string Words, ImmutableArray<Expression> Expressions)
{
    private const uint SourceOffset = 12; // struct iphdr
    private const uint DestinationOffset = 16;
    private const uint SourceOffset6 = 8; // struct ipv6hdr
    private const uint DestinationOffset6 = 24;
    private const uint Established = 2; // ct_state: 1 << (IP_CT_ESTABLISHED + 1), nf_conntrack_common.h
    private const uint Related = 4;
    private const uint DestinationNatted = 1 << 5; // IPS_DST_NAT

    /// <summary>The table holds both families (inet): what looks into an IPv4 header asks for the family first.</summary>
    private static readonly ImmutableArray<Expression> Ipv4 = [new LoadMeta(NFT_META_NFPROTO), new Compare(NFT_CMP_EQ, [NFPROTO_IPV4])];

    private static readonly ImmutableArray<Expression> Ipv6 = [new LoadMeta(NFT_META_NFPROTO), new Compare(NFT_CMP_EQ, [NFPROTO_IPV6])];

    public static Clause FromBridge => From(Ruleset.Bridges);

    public static Clause ToBridge => To(Ruleset.Bridges);

    public static Clause From(string interfaces) => new($"iifname @{interfaces}", [new LoadMeta(NFT_META_IIFNAME), new Lookup(interfaces)]);

    public static Clause To(string interfaces) => new($"oifname @{interfaces}", [new LoadMeta(NFT_META_OIFNAME), new Lookup(interfaces)]);

    public static Clause WithinBridge => new(
        $"iifname . oifname @{Ruleset.Within}",
        [new LoadMeta(NFT_META_IIFNAME), new LoadMeta(NFT_META_OIFNAME, NFT_REG_2), new Lookup(Ruleset.Within)]);

    public static Clause NotToBridge =>
        new($"oifname != @{Ruleset.Bridges}", [new LoadMeta(NFT_META_OIFNAME), new Lookup(Ruleset.Bridges, Inverted: true)]);

    public static Clause FromMasqueraded => new(
        $"ip saddr @{Ruleset.Masqueraded}",
        [.. Ipv4, new LoadPayload(NFT_PAYLOAD_NETWORK_HEADER, SourceOffset, 4), new Lookup(Ruleset.Masqueraded)]);

    public static Clause FromMasqueraded6 => new(
        $"ip6 saddr @{Ruleset.Masqueraded6}",
        [.. Ipv6, new LoadPayload(NFT_PAYLOAD_NETWORK_HEADER, SourceOffset6, 16), new Lookup(Ruleset.Masqueraded6)]);

    public static Clause NotToLoopback6 => new(
        "ip6 daddr != ::1",
        [.. Ipv6, new LoadPayload(NFT_PAYLOAD_NETWORK_HEADER, DestinationOffset6, 16), new Compare(NFT_CMP_NEQ, IPAddress.IPv6Loopback.GetAddressBytes())]);

    public static Clause FromLoopback => new("ip saddr 127.0.0.0/8", Loopback(SourceOffset));

    public static Clause ToLoopback => new("ip daddr 127.0.0.0/8", Loopback(DestinationOffset));

    public static Clause KnownConnection => new("ct state established,related", Connection(NFT_CT_STATE, Established | Related));

    public static Clause Published => new("ct status dnat", Connection(NFT_CT_STATUS, DestinationNatted));

    public static Clause ToThisHost => new(
        "fib daddr type local",
        [new LoadDestinationType(), new Compare(NFT_CMP_EQ, BitConverter.GetBytes(RTN_LOCAL))]);

    /// <summary>The parts of the key lie in registers of 4 bytes one behind the other: the address, the protocol, the port.</summary>
    public static Clause ToHostAddressPort(bool isIpv6)
    {
        var (map, family, words) = isIpv6 ? (Ruleset.HostAddressPorts6, Ipv6, 4u) : (Ruleset.HostAddressPorts, Ipv4, 1u);
        return new Clause(
            $"dnat {Name(isIpv6)} to {Name(isIpv6)} daddr . meta l4proto . th dport map @{map}",
            [
                .. family,
                new LoadPayload(NFT_PAYLOAD_NETWORK_HEADER, isIpv6 ? DestinationOffset6 : DestinationOffset, words * 4),
                new LoadMeta(NFT_META_L4PROTO, NFT_REG32_00 + words),
                new LoadPayload(NFT_PAYLOAD_TRANSPORT_HEADER, 2, 2, NFT_REG32_00 + words + 1),
                new Lookup(map, Map: true),
                new DestinationNat(isIpv6),
            ]);
    }

    public static Clause ToHostPort(bool isIpv6)
    {
        var (map, family) = isIpv6 ? (Ruleset.HostPorts6, Ipv6) : (Ruleset.HostPorts, Ipv4);
        return new Clause(
            $"dnat {Name(isIpv6)} to meta l4proto . th dport map @{map}",
            [
                .. family,
                new LoadMeta(NFT_META_L4PROTO),
                new LoadPayload(NFT_PAYLOAD_TRANSPORT_HEADER, 2, 2, NFT_REG32_01),
                new Lookup(map, Map: true),
                new DestinationNat(isIpv6),
            ]);
    }

    public static Clause Accept => new("accept", [new Verdict(NF_ACCEPT)]);

    public static Clause Drop => new("drop", [new Verdict(NF_DROP)]);

    public static Clause Masquerade => new("masquerade", [new Masquerade()]);

    public static Clause Goto(string chain) => new($"goto {chain}", [new Verdict(NFT_GOTO, chain)]);

    private static string Name(bool isIpv6) => isIpv6 ? "ip6" : "ip";

    private static ImmutableArray<Expression> Loopback(uint offset) =>
        [.. Ipv4, new LoadPayload(NFT_PAYLOAD_NETWORK_HEADER, offset, 1), new Compare(NFT_CMP_EQ, [127])];

    private static ImmutableArray<Expression> Connection(uint key, uint bits) =>
        [new LoadConnection(key), new Mask(bits), new Compare(NFT_CMP_NEQ, new byte[4])];
}
