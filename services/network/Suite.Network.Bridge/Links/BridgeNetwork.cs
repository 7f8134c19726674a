using System.Collections.Immutable;
using System.Net;

namespace Suite.Network.Bridge.Links;

/// <summary>One subnet of a network and the bridge's own address in it.</summary>
public sealed record BridgeSubnet(IpSubnet Subnet, IPAddress Gateway);

/// <summary>A network that hangs on one bridge of the host.</summary>
/// <param name="Bridge">The bridge's name in the kernel, at most 15 characters.</param>
/// <param name="Subnets">At most one of each family.</param>
/// <param name="Internal">No way out of the host: no default route, no masquerading, nothing forwarded.</param>
/// <param name="Isolated">No way to the other networks of this host; the world outside and published ports stay reachable.</param>
public sealed record BridgeNetwork(string Bridge, ImmutableArray<BridgeSubnet> Subnets, int Mtu, bool Internal = false, bool Isolated = false)
{
    public MacAddress Mac => MacAddress.For(Subnets[0].Gateway);

    public bool HasIpv6 => Subnets.Any(subnet => subnet.Subnet.IsIpv6);

    public IPAddress? GatewayOf(bool isIpv6) => Subnets.FirstOrDefault(subnet => subnet.Subnet.IsIpv6 == isIpv6)?.Gateway;
}
