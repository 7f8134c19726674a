using static Suite.Network.Bridge.Firewall.NfTables;

namespace Suite.Network.Bridge.Firewall;

/// <summary>
/// The shape of a set or map. The type numbers mean something to nft(8) alone, which shows elements by them: six bits a part
/// (its datatype.h); the kernel looks at lengths, each part padded to 4 bytes.
/// </summary>
internal sealed record SetKind(string Text, uint Flags, uint KeyType, uint KeyBytes, uint DataType = 0, uint DataBytes = 0)
{
    private const uint Ipv4Address = 7;
    private const uint InetProtocol = 12;
    private const uint InetService = 13;
    private const uint InterfaceName = 41;

    public static readonly SetKind Interfaces = new("type ifname", 0, InterfaceName, 16);

    public static readonly SetKind Subnets = new("type ipv4_addr; flags interval", NFT_SET_INTERVAL, Ipv4Address, 4);

    public static readonly SetKind Ports = new(
        "type inet_proto . inet_service : ipv4_addr . inet_service",
        NFT_SET_MAP,
        InetProtocol << 6 | InetService,
        8,
        Ipv4Address << 6 | InetService,
        8);

    public static readonly SetKind AddressPorts = new(
        "type ipv4_addr . inet_proto . inet_service : ipv4_addr . inet_service",
        NFT_SET_MAP,
        (Ipv4Address << 6 | InetProtocol) << 6 | InetService,
        12,
        Ipv4Address << 6 | InetService,
        8);
}
