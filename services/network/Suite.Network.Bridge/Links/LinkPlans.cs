using System.Collections.Immutable;
using Suite.Network.Bridge.Firewall;
using Suite.Network.Bridge.Plans;

namespace Suite.Network.Bridge.Links;

/// <summary>The plans of this driver. Pure: what they say depends on their arguments alone.</summary>
internal static class LinkPlans
{
    /// <summary>Makes a network's bridge, or mends it.</summary>
    public static ImmutableArray<Step> AddNetwork(BridgeNetwork network) =>
    [
        new CreateBridge(network.Bridge, network.Mac, network.Mtu),
        new AddAddress(Channel.Host, network.Bridge, network.Gateway, network.Subnet),
        new SetSysctl("net/ipv4/ip_forward", "1"),
        // Otherwise a container could tell the host by router advertisements where to send its traffic (CVE-2020-13401).
        new SetSysctl($"net/ipv6/conf/{network.Bridge}/disable_ipv6", "1", IfThere: true),
        // So that a packet from 127.0.0.1 may be sent to a container by a published port; the ruleset guards the way back.
        new SetSysctl($"net/ipv4/conf/{network.Bridge}/route_localnet", "1"),
    ];

    public static ImmutableArray<Step> RemoveNetwork(BridgeNetwork network) => [new DeleteLink(network.Bridge)];

    /// <summary>Makes a sandbox's links in a prepared namespace. The name comes first: what follows can be found by it after a crash.</summary>
    public static ImmutableArray<Step> Attach(string table, SandboxNetwork sandbox) =>
    [
        new BindNamespace(sandbox.NamespacePath),
        .. Plug(sandbox),
        .. Ruleset.AddPorts(table, sandbox.Ports),
    ];

    /// <summary>The links alone.</summary>
    public static ImmutableArray<Step> Plug(SandboxNetwork sandbox) =>
    [
        .. sandbox.Links.SelectMany(link => new Step[]
        {
            new CreateVeth(link.HostEnd, link.Network.Bridge, link.Interface, link.Mac, link.Network.Mtu),
            new SetHairpin(link.HostEnd),
        }),
        .. sandbox.Links.SelectMany(link => new Step[]
        {
            new AddAddress(Channel.Inside, link.Interface, link.Address, link.Network.Subnet),
            new SetLinkUp(Channel.Inside, link.Interface),
        }),
        .. sandbox.Links.Take(1).Where(link => !link.Network.Internal).Select(link => new AddDefaultRoute(link.Network.Gateway)),
    ];

    /// <summary>Puts links back on their bridge.</summary>
    public static ImmutableArray<Step> Replug(IEnumerable<SandboxLink> links) =>
        [.. links.SelectMany(link => new Step[] { new SetMaster(link.HostEnd, link.Network.Bridge), new SetHairpin(link.HostEnd) })];

    /// <summary>
    /// Takes down what <see cref="Attach"/> made, all of it or what there is of it. Ports go first, so that nobody is sent to
    /// an address that the next sandbox may have.
    /// </summary>
    public static ImmutableArray<Step> Detach(string table, SandboxNetwork sandbox) =>
    [
        .. Ruleset.RemovePorts(table, sandbox.Ports),
        .. sandbox.Links.Select(link => new CondemnLink(link.HostEnd)),
        new UnbindNamespace(sandbox.NamespacePath),
    ];
}
