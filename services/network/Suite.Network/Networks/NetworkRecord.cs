using System.Collections.Immutable;
using System.Net;
using Suite.Network.Bridge.Links;

namespace Suite.Network.Networks;

/// <summary>A network as it is recorded. The drivers "host" and "none" have a name and nothing else.</summary>
/// <param name="Asked">What its maker asked for, to tell a repeated call from a contradictory one.</param>
internal sealed record NetworkRecord(string Id, string Name, string Driver, BridgePart? Bridge, IReadOnlyDictionary<string, string> Labels, string Asked, DateTimeOffset CreatedAt)
{
    public const string BridgeDriver = "bridge";
    public const string HostDriver = "host";
    public const string NoneDriver = "none";

    /// <summary>"container:ID" as a network is the namespace of another sandbox.</summary>
    public const string SharedPrefix = "container:";

    /// <summary>The default network's name.</summary>
    public const string Default = "bridge";

    public static readonly NetworkRecord Host = BuiltIn(HostDriver);

    public static readonly NetworkRecord None = BuiltIn(NoneDriver);

    /// <summary>Made by a caller: its sandboxes find each other by name.</summary>
    public bool HasNames => Bridge is not null && Name != Default;

    private static NetworkRecord BuiltIn(string name) =>
        new(name, name, name, null, new Dictionary<string, string>(), "", DateTimeOffset.UnixEpoch);
}

/// <param name="Subnets">At most one of each family, that of IPv4 first.</param>
internal sealed record BridgePart(string Interface, ImmutableArray<SubnetPart> Subnets, int Mtu, bool Internal, bool Isolated)
{
    public BridgeNetwork ToDriver() =>
        new(Interface, [.. Subnets.Select(subnet => new BridgeSubnet(subnet.Subnet, subnet.Gateway))], Mtu, Internal, Isolated);
}

/// <param name="Range">Where addresses are taken from; the subnet itself unless it was narrowed.</param>
internal sealed record SubnetPart(IpSubnet Subnet, IPAddress Gateway, IpSubnet Range)
{
    public override string ToString() => $"{Subnet} {Gateway} {Range}";

    public static SubnetPart Parse(string text) =>
        text.Split(' ') is [var subnet, var gateway, var range]
            ? new SubnetPart(IpSubnet.Parse(subnet), IPAddress.Parse(gateway), IpSubnet.Parse(range))
            : throw new FormatException($"the record of a subnet reads \"{text}\"");
}
