using System.Net;
using System.Net.Sockets;

namespace Suite.Network.Bridge.Ports;

/// <summary>The values are those of the IP header (IANA protocol numbers).</summary>
public enum PortProtocol : byte
{
    Tcp = 6,
    Udp = 17,
    Sctp = 132,
}

/// <summary>A port of the host that leads to a port of a sandbox.</summary>
/// <param name="HostAddress">One address of the host, or <see cref="IPAddress.Any"/> or <see cref="IPAddress.IPv6Any"/> for all of a family.</param>
public sealed record PublishedPort(PortProtocol Protocol, IPAddress HostAddress, ushort HostPort, IPAddress ContainerAddress, ushort ContainerPort)
{
    public bool IsOnAllAddresses => HostAddress.Equals(IPAddress.Any) || HostAddress.Equals(IPAddress.IPv6Any);

    /// <summary>
    /// Whether the kernel leads packets there. It cannot change the family of a packet, and none that leaves the loopback link may
    /// be from ::1 (RFC 4291, 2.5.3); those are passed on by <see cref="PortForwarder"/>.
    /// </summary>
    public bool IsTranslated => HostAddress.AddressFamily == ContainerAddress.AddressFamily && !HostAddress.Equals(IPAddress.IPv6Loopback);

    /// <summary>Whether anything can reach our own socket on the port: all that is not translated, and ::1 where all addresses are published.</summary>
    public bool IsForwarded => !IsTranslated || HostAddress.Equals(IPAddress.IPv6Any);

    public override string ToString()
    {
        string address = IsOnAllAddresses ? "*" : HostAddress.AddressFamily == AddressFamily.InterNetworkV6 ? $"[{HostAddress}]" : HostAddress.ToString();
        return $"{address}:{HostPort}/{Protocol.ToString().ToLowerInvariant()}";
    }
}
