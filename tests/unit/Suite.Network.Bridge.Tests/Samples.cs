using System.Net;
using Suite.Linux.Namespaces;
using Suite.Network.Bridge.Links;
using Suite.Network.Bridge.Plans;
using Suite.Network.Bridge.Ports;

namespace Suite.Network.Bridge.Tests;

/// <summary>A network and a sandbox for plans, and numbers where the kernel would give them.</summary>
internal sealed class Samples : IPlaces
{
    public static readonly BridgeNetwork Network =
        new("suite0", [new BridgeSubnet(IpSubnet.Parse("10.88.0.0/16"), IPAddress.Parse("10.88.0.1"))], 1500);

    public static readonly BridgeNetwork DualStack = Network with
    {
        Subnets = [.. Network.Subnets, new BridgeSubnet(IpSubnet.Parse("fd53:1::/64"), IPAddress.Parse("fd53:1::1"))],
    };

    public static readonly IPAddress Address = IPAddress.Parse("10.88.0.2");

    public static readonly SandboxNetwork Sandbox = new(
        "/run/suite/netns/suite-web",
        [new SandboxLink(Network, "suite-b4cd5f", "eth0", [new LinkAddress(Address, 16)], MacAddress.For(Address))],
        [
            new PublishedPort(PortProtocol.Tcp, IPAddress.Any, 8080, Address, 80),
            new PublishedPort(PortProtocol.Udp, IPAddress.Loopback, 53, Address, 5353),
        ]);

    public static readonly SandboxNetwork DualSandbox = Sandbox with
    {
        Links = [Sandbox.Links[0] with { Network = DualStack, Addresses = [new LinkAddress(Address, 16), LinkAddress.Parse("fd53:1::2/64")] }],
        Ports = [.. Sandbox.Ports, new PublishedPort(PortProtocol.Tcp, IPAddress.IPv6Any, 8080, IPAddress.Parse("fd53:1::2"), 80)],
    };

    NetworkNamespace IPlaces.Sandbox => throw new InvalidOperationException("a plan in a unit test has no namespace");

    public int SandboxDescriptor => 9;

    public int IndexOf(Channel channel, string link) => link == "suite0" ? 5 : 2;

    public static string Print(IEnumerable<Step> plan) => string.Join('\n', plan);
}
