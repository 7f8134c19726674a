using System.Collections.Immutable;
using System.Net;
using Suite.Network.Bridge.Ports;

namespace Suite.Network.Bridge.Links;

/// <summary>One link of a sandbox: a veth whose host end, <paramref name="HostEnd"/>, is a port of the network's bridge.</summary>
public sealed record SandboxLink(BridgeNetwork Network, string HostEnd, string Interface, IPAddress Address, MacAddress Mac);

/// <summary>All that the driver makes for one sandbox. From it alone follow both plans, to make it and to take it down.</summary>
/// <param name="NamespacePath">Where its network namespace is mounted.</param>
/// <param name="Links">The first one has the default route, unless its network is internal.</param>
public sealed record SandboxNetwork(string NamespacePath, ImmutableArray<SandboxLink> Links, ImmutableArray<PublishedPort> Ports);
