using System.Net;

namespace Suite.Network.Bridge.Ports;

/// <summary>The values are those of the IP header (IANA protocol numbers).</summary>
public enum PortProtocol : byte
{
    Tcp = 6,
    Udp = 17,
    Sctp = 132,
}

/// <summary>A port of the host that leads to a port of a sandbox.</summary>
/// <param name="HostAddress">One address of the host, or null for all of them.</param>
public sealed record PublishedPort(PortProtocol Protocol, IPAddress? HostAddress, ushort HostPort, IPAddress ContainerAddress, ushort ContainerPort)
{
    public override string ToString() => $"{HostAddress?.ToString() ?? "*"}:{HostPort}/{Protocol.ToString().ToLowerInvariant()}";
}
