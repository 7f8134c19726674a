using static Suite.Network.Bridge.Firewall.NfTables;

namespace Suite.Network.Bridge.Firewall;

/// <summary>
/// The shape of a set or map. The type numbers mean something to nft(8) alone, which shows elements by them: six bits a part
/// (its datatype.h); the kernel looks at lengths, each part padded to 4 bytes.
/// </summary>
internal sealed record SetKind(string Text, uint Flags, uint KeyType, uint KeyBytes, uint DataType = 0, uint DataBytes = 0)
{
    private const uint Ipv4Address = 7;
    private const uint Ipv6Address = 8;
    private const uint InetProtocol = 12;
    private const uint InetService = 13;
    private const uint InterfaceName = 41;

    public static readonly SetKind Interfaces = new("type ifname", 0, InterfaceName, 16);

    public static readonly SetKind InterfacePairs = new("type ifname . ifname", 0, InterfaceName << 6 | InterfaceName, 32);

    public static readonly SetKind Subnets = new("type ipv4_addr; flags interval", NFT_SET_INTERVAL, Ipv4Address, 4);

    public static readonly SetKind Subnets6 = new("type ipv6_addr; flags interval", NFT_SET_INTERVAL, Ipv6Address, 16);

    public static readonly SetKind Ports = PortMap("ipv4_addr", Ipv4Address, 4, ofAddress: false);

    public static readonly SetKind Ports6 = PortMap("ipv6_addr", Ipv6Address, 16, ofAddress: false);

    public static readonly SetKind AddressPorts = PortMap("ipv4_addr", Ipv4Address, 4, ofAddress: true);

    public static readonly SetKind AddressPorts6 = PortMap("ipv6_addr", Ipv6Address, 16, ofAddress: true);

    private static SetKind PortMap(string family, uint type, uint bytes, bool ofAddress) => new(
        $"type {(ofAddress ? $"{family} . " : "")}inet_proto . inet_service : {family} . inet_service",
        NFT_SET_MAP,
        ((ofAddress ? type : 0) << 6 | InetProtocol) << 6 | InetService,
        (ofAddress ? bytes : 0) + 8,
        type << 6 | InetService,
        bytes + 4);
}
