using System.Net;

namespace Suite.Network.Bridge.Links;

/// <summary>A network that hangs on one bridge of the host.</summary>
/// <param name="Bridge">The bridge's name in the kernel, at most 15 characters.</param>
/// <param name="Gateway">The bridge's own address.</param>
/// <param name="Internal">No way out of the host: no default route, no masquerading.</param>
public sealed record BridgeNetwork(string Bridge, Ipv4Subnet Subnet, IPAddress Gateway, int Mtu, bool Internal = false)
{
    public MacAddress Mac => MacAddress.For(Gateway);
}
