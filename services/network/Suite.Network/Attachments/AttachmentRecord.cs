using System.Collections.Immutable;
using Suite.Network.Bridge.Links;
using Suite.Network.Bridge.Ports;
using Suite.Network.Networks;

namespace Suite.Network.Attachments;

/// <summary>How far an attachment is. What is neither is undone at the next start.</summary>
internal enum AttachmentState
{
    Attaching,
    Attached,
    Detaching,
}

/// <summary>A sandbox on its networks, as it is recorded before anything is made.</summary>
/// <param name="Network">The name of the first network, or "host" or "none", or "container:ID".</param>
/// <param name="NamespacePath">Empty on the host's network.</param>
/// <param name="Asked">What the caller asked for, to tell a repeated call from a contradictory one.</param>
internal sealed record AttachmentRecord(
    string Sandbox, string Name, AttachmentState State, string Network, string NamespacePath, ImmutableArray<LinkRecord> Links,
    ImmutableArray<PublishedPort> Ports, AttachmentDetails Details, string Asked, DateTimeOffset CreatedAt)
{
    /// <summary>Whether the namespace is this sandbox's own, to be made and unmade with it.</summary>
    public bool OwnsNamespace => NamespacePath.Length > 0 && Details.SharedWith.Length == 0;

    /// <summary>The name without a pod's namespace, as others call it.</summary>
    public string ShortName => Name[(Name.LastIndexOf('/') + 1)..];

    public bool IsOn(string networkId) => Links.Any(link => link.NetworkId == networkId);

    /// <summary>Whether a person who writes <paramref name="reference"/> means this one: its id or the beginning of it, or its name.</summary>
    public bool IsMeantBy(string reference) =>
        Sandbox == reference || Name == reference || ShortName == reference
        || (reference.Length >= 6 && Sandbox.StartsWith(reference, StringComparison.Ordinal));

    public SandboxNetwork ToDriver(NetworkCatalog catalog) =>
        new(NamespacePath, [.. Links.Select(link => link.ToDriver(catalog.Get(link.NetworkId)))], Ports);
}

internal sealed record LinkRecord(
    string NetworkId, string HostEnd, string Interface, ImmutableArray<LinkAddress> Addresses, MacAddress Mac, ImmutableArray<string> Aliases)
{
    public SandboxLink ToDriver(NetworkRecord network) => new(network.Bridge!.ToDriver(), HostEnd, Interface, Addresses, Mac);
}
