using System.Collections.Immutable;
using System.Globalization;
using System.Net;
using System.Net.Sockets;
using Suite.Network.Bridge.Ports;

namespace Suite.Network.Bridge.Links;

/// <summary>An address of a link and the length of its subnet's prefix.</summary>
public readonly record struct LinkAddress(IPAddress Address, int Prefix)
{
    public bool IsIpv6 => Address.AddressFamily == AddressFamily.InterNetworkV6;

    /// <summary>Reads what <see cref="ToString"/> wrote.</summary>
    public static LinkAddress Parse(string text)
    {
        int slash = text.IndexOf('/', StringComparison.Ordinal);
        return new LinkAddress(IPAddress.Parse(text.AsSpan(0, slash)), int.Parse(text.AsSpan(slash + 1), CultureInfo.InvariantCulture));
    }

    public override string ToString() => $"{Address}/{Prefix}";
}

/// <summary>One link of a sandbox: a veth whose host end, <paramref name="HostEnd"/>, is a port of the network's bridge.</summary>
/// <param name="Addresses">At most one of each family.</param>
public sealed record SandboxLink(BridgeNetwork Network, string HostEnd, string Interface, ImmutableArray<LinkAddress> Addresses, MacAddress Mac)
{
    /// <summary>What a sandbox's first link is called inside.</summary>
    public const string First = "eth0";
}

/// <summary>All that the driver makes for one sandbox. From it alone follow both plans, to make it and to take it down.</summary>
/// <param name="NamespacePath">Where its network namespace is mounted.</param>
/// <param name="Links">The first one whose network has a way out has the default route, of each family for itself.</param>
public sealed record SandboxNetwork(string NamespacePath, ImmutableArray<SandboxLink> Links, ImmutableArray<PublishedPort> Ports);
