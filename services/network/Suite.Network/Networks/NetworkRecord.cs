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

    /// <summary>The default network's name.</summary>
    public const string Default = "bridge";

    public static readonly NetworkRecord Host = BuiltIn(HostDriver);

    public static readonly NetworkRecord None = BuiltIn(NoneDriver);

    private static NetworkRecord BuiltIn(string name) =>
        new(name, name, name, null, new Dictionary<string, string>(), "", DateTimeOffset.UnixEpoch);
}

/// <param name="Range">Where addresses are taken from; the subnet itself unless it was narrowed.</param>
internal sealed record BridgePart(string Interface, Ipv4Subnet Subnet, IPAddress Gateway, Ipv4Subnet Range, int Mtu, bool Internal)
{
    public BridgeNetwork ToDriver() => new(Interface, Subnet, Gateway, Mtu, Internal);
}
