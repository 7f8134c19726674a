using System.Net;
using Suite.Network.Bridge.Links;
using Suite.Network.Bridge.Ports;

namespace Suite.Network.Attachments;

/// <summary>A port as it is asked for, before the sandbox has an address.</summary>
/// <param name="HostAddress">Null: all of them.</param>
/// <param name="HostPort">0: any free one.</param>
/// <param name="HostPortEnd">The last of those from <paramref name="HostPort"/> on of which the first free one is taken; 0: that one alone.</param>
internal sealed record PortWish(PortProtocol Protocol, IPAddress? HostAddress, ushort HostPort, ushort ContainerPort, ushort HostPortEnd = 0);

/// <summary>One network as it is asked for.</summary>
internal sealed record EndpointWish(string Network, IReadOnlyList<IPAddress> Addresses, MacAddress? Mac, IReadOnlyList<string> Aliases)
{
    public override string ToString() => $"{Network} {string.Join(',', Addresses)} {Mac} {string.Join(',', Aliases)}";
}

/// <summary>What an attach asks for; empty means "the default" or "choose".</summary>
internal sealed record AttachWish(
    string Sandbox, string Name, IReadOnlyList<EndpointWish> Endpoints, IReadOnlyList<PortWish> Ports, DnsSettings Dns,
    IReadOnlyList<SandboxAlias> Links, PodFacts? Pod = null)
{
    /// <summary>The wish in one line, for comparison with a repeated one.</summary>
    public string Fingerprint => string.Join('|', [Name, .. Endpoints, .. Ports, Dns, .. Links]);
}
