using System.Net;
using Suite.Network.Bridge.Links;
using Suite.Network.Bridge.Ports;

namespace Suite.Network.Attachments;

/// <summary>How far an attachment is. What is neither is undone at the next start.</summary>
internal enum AttachmentState
{
    Attaching,
    Attached,
    Detaching,
}

/// <summary>A sandbox on its networks, as it is recorded before anything is made.</summary>
/// <param name="Network">The name of the first network, or "host" or "none".</param>
/// <param name="NamespacePath">Empty on the host's network.</param>
/// <param name="Asked">What the caller asked for, to tell a repeated call from a contradictory one.</param>
internal sealed record AttachmentRecord(
    string Sandbox, string Name, AttachmentState State, string Network, string NamespacePath,
    IReadOnlyList<LinkRecord> Links, IReadOnlyList<PublishedPort> Ports, string Asked, DateTimeOffset CreatedAt);

internal sealed record LinkRecord(string NetworkId, string HostEnd, string Interface, IPAddress Address, MacAddress Mac);
