using System.Collections.Immutable;
using Suite.Network.Bridge.Links;
using Suite.Network.Bridge.Plans;
using Suite.Network.Bridge.Ports;
using static Suite.Network.Bridge.Firewall.NfTables;

namespace Suite.Network.Bridge.Firewall;

/// <summary>
/// Our one table. Its rules never change: networks and published ports are elements of its sets, so that a packet costs the
/// same with one port published as with ten thousand, and so does publishing one more.
/// </summary>
/// <remarks>
/// Forwarding: an accept in our table cannot undo a drop in another table on the same hook, whatever their priorities; nf_tables
/// lets a packet pass only when every base chain does. See <see cref="ForeignChains"/>.
/// </remarks>
internal static class Ruleset
{
    public const string Bridges = "bridges";
    public const string Within = "within";
    public const string Internal = "internal";
    public const string Isolated = "isolated";
    public const string Masqueraded = "masqueraded";
    public const string Masqueraded6 = "masqueraded6";
    public const string HostPorts = "hostports";
    public const string HostPorts6 = "hostports6";
    public const string HostAddressPorts = "hostipports";
    public const string HostAddressPorts6 = "hostipports6";

    private const string Dnat = "ports";
    private const int Raw = -300;
    private const int DestinationNatPriority = -100;
    private const int Filter = 0;
    private const int SourceNat = 100;

    /// <summary>Replaces the table, if there is one, by one with exactly these contents, in one transaction.</summary>
    public static ImmutableArray<Step> Replace(string table, IEnumerable<BridgeNetwork> networks, IEnumerable<PublishedPort> ports) =>
    [
        new AddTable(table), // what does not exist cannot be deleted
        new DeleteTable(table),
        .. Skeleton(table),
        .. networks.SelectMany(network => AddNetwork(table, network)),
        .. AddPorts(table, ports),
    ];

    public static ImmutableArray<Step> Remove(string table) => [new AddTable(table), new DeleteTable(table)];

    public static ImmutableArray<Step> AddNetwork(string table, BridgeNetwork network) =>
        [.. ElementsOf(network).Select(element => new AddElements(table, [element]))];

    public static ImmutableArray<Step> RemoveNetwork(string table, BridgeNetwork network) =>
        [.. ElementsOf(network).SelectMany(element => new Step[] { new AddElements(table, [element], IfTable: true), new DeleteElements(table, [element]) })];

    public static ImmutableArray<Step> AddPorts(string table, IEnumerable<PublishedPort> ports) =>
        [.. Chunks(ports).Select(elements => new AddElements(table, elements))];

    public static ImmutableArray<Step> RemovePorts(string table, IEnumerable<PublishedPort> ports) =>
        [.. Chunks(ports).SelectMany(elements => new Step[] { new AddElements(table, elements, IfTable: true), new DeleteElements(table, elements) })];

    private static IEnumerable<SetElement> ElementsOf(BridgeNetwork network) =>
    [
        SetElement.Interface(Bridges, network.Bridge),
        SetElement.Within(network.Bridge),
        .. network.Internal ? (SetElement[])[SetElement.Interface(Internal, network.Bridge)] : [],
        .. network.Isolated ? (SetElement[])[SetElement.Interface(Isolated, network.Bridge)] : [],
        .. network.Internal ? [] : network.Subnets.Select(subnet => SetElement.Subnet(subnet.Subnet)),
    ];

    private static IEnumerable<ImmutableArray<SetElement>> Chunks(IEnumerable<PublishedPort> ports) => ports
        .Where(port => port.IsTranslated)
        .Select(SetElement.Port)
        .GroupBy(element => element.Set)
        .SelectMany(set => set.Chunk(AddElements.Most))
        .Select(chunk => chunk.ToImmutableArray());

    private static ImmutableArray<Step> Skeleton(string table) =>
    [
        new AddTable(table),
        new AddSet(table, Bridges, SetKind.Interfaces, 1),
        new AddSet(table, Within, SetKind.InterfacePairs, 2),
        new AddSet(table, Internal, SetKind.Interfaces, 3),
        new AddSet(table, Isolated, SetKind.Interfaces, 4),
        new AddSet(table, Masqueraded, SetKind.Subnets, 5),
        new AddSet(table, Masqueraded6, SetKind.Subnets6, 6),
        new AddSet(table, HostPorts, SetKind.Ports, 7),
        new AddSet(table, HostPorts6, SetKind.Ports6, 8),
        new AddSet(table, HostAddressPorts, SetKind.AddressPorts, 9),
        new AddSet(table, HostAddressPorts6, SetKind.AddressPorts6, 10),

        // A port published on one address of the host wins over one published on all.
        new AddChain(table, Dnat),
        AddRule.Of(table, Dnat, Clause.ToHostAddressPort(isIpv6: false)),
        AddRule.Of(table, Dnat, Clause.ToHostPort(isIpv6: false)),
        AddRule.Of(table, Dnat, Clause.ToHostAddressPort(isIpv6: true)),
        // What is sent to ::1 is left to our own socket.
        AddRule.Of(table, Dnat, Clause.NotToLoopback6, Clause.ToHostPort(isIpv6: true)),

        // route_localnet on a bridge, which published ports on 127.0.0.1 need, would let containers reach what the host
        // serves on its loopback only (CVE-2020-8558). Before connection tracking, no honest packet has such an address.
        new AddBaseChain(table, "guard", "filter", NF_INET_PRE_ROUTING, Raw),
        AddRule.Of(table, "guard", Clause.FromBridge, Clause.ToLoopback, Clause.Drop),
        AddRule.Of(table, "guard", Clause.FromBridge, Clause.FromLoopback, Clause.Drop),

        new AddBaseChain(table, "prerouting", "nat", NF_INET_PRE_ROUTING, DestinationNatPriority),
        AddRule.Of(table, "prerouting", Clause.ToThisHost, Clause.Goto(Dnat)),
        new AddBaseChain(table, "output", "nat", NF_INET_LOCAL_OUT, DestinationNatPriority),
        AddRule.Of(table, "output", Clause.ToThisHost, Clause.Goto(Dnat)),

        new AddBaseChain(table, "forward", "filter", NF_INET_FORWARD, Filter),
        AddRule.Of(table, "forward", Clause.WithinBridge, Clause.Accept),
        AddRule.Of(table, "forward", Clause.From(Internal), Clause.Drop),
        AddRule.Of(table, "forward", Clause.To(Internal), Clause.Drop),
        AddRule.Of(table, "forward", Clause.ToBridge, Clause.KnownConnection, Clause.Accept),
        AddRule.Of(table, "forward", Clause.ToBridge, Clause.Published, Clause.Accept),
        AddRule.Of(table, "forward", Clause.From(Isolated), Clause.ToBridge, Clause.Drop),
        AddRule.Of(table, "forward", Clause.FromBridge, Clause.To(Isolated), Clause.Drop),
        AddRule.Of(table, "forward", Clause.FromBridge, Clause.Accept),

        new AddBaseChain(table, "postrouting", "nat", NF_INET_POST_ROUTING, SourceNat),
        AddRule.Of(table, "postrouting", Clause.FromMasqueraded, Clause.NotToBridge, Clause.Masquerade),
        AddRule.Of(table, "postrouting", Clause.FromMasqueraded6, Clause.NotToBridge, Clause.Masquerade),
        // A neighbour, or the container itself, that comes in by the host's address: without masquerading the answer would
        // take the short way over the bridge, and nobody would translate it back.
        AddRule.Of(table, "postrouting", Clause.FromMasqueraded, Clause.ToBridge, Clause.Published, Clause.Masquerade),
        AddRule.Of(table, "postrouting", Clause.FromMasqueraded6, Clause.ToBridge, Clause.Published, Clause.Masquerade),
        // The host's own connection to 127.0.0.1: the container must have somewhere to answer to.
        AddRule.Of(table, "postrouting", Clause.FromLoopback, Clause.ToBridge, Clause.Published, Clause.Masquerade),
    ];
}
