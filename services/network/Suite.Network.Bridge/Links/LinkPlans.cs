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
        // A container could otherwise tell the host by router advertisements where to send its traffic (CVE-2020-13401).
        new SetSysctl($"net/ipv6/conf/{network.Bridge}/accept_ra", "0", IfThere: true),
        new SetSysctl($"net/ipv6/conf/{network.Bridge}/disable_ipv6", network.HasIpv6 ? "0" : "1", IfThere: !network.HasIpv6),
        .. network.Subnets.Select(subnet => new AddAddress(Channel.Host, network.Bridge, new LinkAddress(subnet.Gateway, subnet.Subnet.Prefix))),
        new SetSysctl("net/ipv4/ip_forward", "1"),
        .. network.HasIpv6 ? (Step[])[new SetIpv6Forwarding()] : [],
        // So that a packet from 127.0.0.1 may be sent to a container by a published port; the ruleset guards the way back.
        new SetSysctl($"net/ipv4/conf/{network.Bridge}/route_localnet", "1"),
    ];

    public static ImmutableArray<Step> RemoveNetwork(BridgeNetwork network) => [new DeleteLink(network.Bridge)];

    /// <summary>Makes a link before there is a sandbox for it: all that takes long and does not depend on who gets it.</summary>
    public static ImmutableArray<Step> Prepare(string hostEnd, BridgeNetwork network) =>
        [.. Create(new CreateVeth(hostEnd, network.Bridge, SandboxLink.First, PeerMac: null, network.Mtu))];

    /// <summary>Makes a sandbox's links in a prepared namespace. The name comes first: what follows can be found by it after a crash.</summary>
    /// <param name="isPrepared">Whether the first link is there by <see cref="Prepare"/>.</param>
    public static ImmutableArray<Step> Attach(string table, SandboxNetwork sandbox, bool isPrepared = false) =>
    [
        new BindNamespace(sandbox.NamespacePath),
        // It waited for its sandbox, and may have been taken off its bridge meanwhile.
        .. isPrepared ? (Step[])[new SetMaster(sandbox.Links[0].HostEnd, sandbox.Links[0].Network.Bridge)] : [],
        .. Plug(sandbox, sandbox.Links, isPrepared),
        .. Ruleset.AddPorts(table, sandbox.Ports),
    ];

    /// <summary>Those links alone, with the default routes that are theirs among all of the sandbox's.</summary>
    public static ImmutableArray<Step> Plug(SandboxNetwork sandbox, ImmutableArray<SandboxLink> links, bool isFirstPrepared = false) =>
    [
        .. links.Skip(isFirstPrepared ? 1 : 0).SelectMany(link => Create(new CreateVeth(link.HostEnd, link.Network.Bridge, link.Interface, link.Mac, link.Network.Mtu))),
        .. links.SelectMany(link => (Step[])
        [
            .. link.Addresses.Select(address => new AddAddress(Channel.Inside, link.Interface, address)),
            new SetLinkUp(Channel.Inside, link.Interface, link.Network.HasIpv6, isFirstPrepared && link == links[0] ? link.Mac : null),
        ]),
        .. new[] { false, true }.SelectMany(isIpv6 => DefaultRoute(sandbox, links, isIpv6)),
    ];

    /// <summary>Puts links back on their bridge.</summary>
    public static ImmutableArray<Step> Replug(IEnumerable<SandboxLink> links) =>
        [.. links.SelectMany(link => new Step[] { new SetMaster(link.HostEnd, link.Network.Bridge), new SetHairpin(link.HostEnd) })];

    /// <summary>Takes one link away and leads the default route over the next one that has a way out.</summary>
    public static ImmutableArray<Step> Unplug(SandboxNetwork rest, SandboxLink link) =>
    [
        new DeleteLink(link.HostEnd),
        .. new[] { false, true }.SelectMany(isIpv6 => DefaultRoute(rest, rest.Links, isIpv6)),
    ];

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

    private static Step[] Create(CreateVeth veth) => [veth, new LeaveUnaddressed(veth.Name), new SetHairpin(veth.Name)];

    private static IEnumerable<Step> DefaultRoute(SandboxNetwork sandbox, ImmutableArray<SandboxLink> links, bool isIpv6)
    {
        var way = sandbox.Links.FirstOrDefault(link => !link.Network.Internal && link.Network.GatewayOf(isIpv6) is not null);
        if (way is not null && links.Contains(way))
        {
            yield return new AddDefaultRoute(way.Network.GatewayOf(isIpv6)!);
        }
    }
}
