using System.Net;
using Suite.Network.Bridge.Links;
using Suite.Network.Bridge.Ports;

namespace Suite.Network.Attachments;

/// <summary>A port as it is asked for, before the sandbox has an address.</summary>
internal sealed record PortWish(PortProtocol Protocol, IPAddress? HostAddress, ushort HostPort, ushort ContainerPort);

/// <summary>What an attach asks for; empty means "the default" or "choose".</summary>
internal sealed record AttachWish(string Sandbox, string Name, IReadOnlyList<string> Networks, IReadOnlyList<PortWish> Ports, IPAddress? Address, MacAddress? Mac)
{
    /// <summary>The wish in one line, for comparison with a repeated one.</summary>
    public string Fingerprint => string.Join('|', [Name, .. Networks, Address, Mac, .. Ports]);
}
