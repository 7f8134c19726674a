using System.Collections.Immutable;
using static Suite.Network.Bridge.Firewall.NfTables;

namespace Suite.Network.Bridge.Firewall;

/// <summary>
/// A clause of a rule in nft's words together with the instructions that nft(8) itself makes of it, so that a rule's text
/// and what the kernel runs cannot drift apart.
/// </summary>
internal sealed record Clause(string Words, ImmutableArray<Expression> Expressions)
{
    private const uint SourceOffset = 12;
    private const uint DestinationOffset = 16;
    private const uint Established = 2; // ct_state: 1 << (IP_CT_ESTABLISHED + 1), nf_conntrack_common.h
    private const uint Related = 4;
    private const uint DestinationNatted = 1 << 5; // IPS_DST_NAT

    /// <summary>The table holds both families (inet): what looks into an IPv4 header asks for the family first.</summary>
    private static readonly ImmutableArray<Expression> Ipv4 = [new LoadMeta(NFT_META_NFPROTO), new Compare(NFT_CMP_EQ, [NFPROTO_IPV4])];

    public static Clause FromBridge => new($"iifname @{Ruleset.Bridges}", [new LoadMeta(NFT_META_IIFNAME), new Lookup(Ruleset.Bridges)]);

    public static Clause ToBridge => new($"oifname @{Ruleset.Bridges}", [new LoadMeta(NFT_META_OIFNAME), new Lookup(Ruleset.Bridges)]);

    public static Clause NotToBridge =>
        new($"oifname != @{Ruleset.Bridges}", [new LoadMeta(NFT_META_OIFNAME), new Lookup(Ruleset.Bridges, Inverted: true)]);

    public static Clause FromMasqueraded => new(
        $"ip saddr @{Ruleset.Masqueraded}",
        [.. Ipv4, new LoadPayload(NFT_PAYLOAD_NETWORK_HEADER, SourceOffset, 4), new Lookup(Ruleset.Masqueraded)]);

    public static Clause FromLoopback => new("ip saddr 127.0.0.0/8", Loopback(SourceOffset));

    public static Clause ToLoopback => new("ip daddr 127.0.0.0/8", Loopback(DestinationOffset));

    public static Clause KnownConnection => new("ct state established,related", Connection(NFT_CT_STATE, Established | Related));

    public static Clause Published => new("ct status dnat", Connection(NFT_CT_STATUS, DestinationNatted));

    public static Clause ToThisHost => new(
        "fib daddr type local",
        [new LoadDestinationType(), new Compare(NFT_CMP_EQ, BitConverter.GetBytes(RTN_LOCAL))]);

    public static Clause ToHostAddressPort => new(
        $"dnat ip to ip daddr . meta l4proto . th dport map @{Ruleset.HostAddressPorts}",
        [
            .. Ipv4,
            new LoadPayload(NFT_PAYLOAD_NETWORK_HEADER, DestinationOffset, 4),
            new LoadMeta(NFT_META_L4PROTO, NFT_REG32_01),
            new LoadPayload(NFT_PAYLOAD_TRANSPORT_HEADER, 2, 2, NFT_REG32_02),
            new Lookup(Ruleset.HostAddressPorts, Map: true),
            new DestinationNat(),
        ]);

    public static Clause ToHostPort => new(
        $"dnat ip to meta l4proto . th dport map @{Ruleset.HostPorts}",
        [
            .. Ipv4,
            new LoadMeta(NFT_META_L4PROTO),
            new LoadPayload(NFT_PAYLOAD_TRANSPORT_HEADER, 2, 2, NFT_REG32_01),
            new Lookup(Ruleset.HostPorts, Map: true),
            new DestinationNat(),
        ]);

    public static Clause Accept => new("accept", [new Verdict(NF_ACCEPT)]);

    public static Clause Drop => new("drop", [new Verdict(NF_DROP)]);

    public static Clause Masquerade => new("masquerade", [new Masquerade()]);

    public static Clause Goto(string chain) => new($"goto {chain}", [new Verdict(NFT_GOTO, chain)]);

    private static ImmutableArray<Expression> Loopback(uint offset) =>
        [.. Ipv4, new LoadPayload(NFT_PAYLOAD_NETWORK_HEADER, offset, 1), new Compare(NFT_CMP_EQ, [127])];

    private static ImmutableArray<Expression> Connection(uint key, uint bits) =>
        [new LoadConnection(key), new Mask(bits), new Compare(NFT_CMP_NEQ, new byte[4])];
}
