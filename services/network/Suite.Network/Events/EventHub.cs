using Suite.Hosting.Journals;
using Suite.Network.Attachments;
using Suite.Network.Networks;

namespace Suite.Network.Events;

/// <summary>What happens to networks and to who is on them.</summary>
internal sealed class EventHub(NetworkCatalog catalog, TimeProvider time) : EventJournal<NetworkEvent>(time)
{
    /// <summary>Of no network in particular.</summary>
    public void Publish(NetworkEventKind kind) => Publish(kind, "", [], null);

    public void Publish(NetworkEventKind kind, NetworkRecord network) => Publish(kind, network.Name, [network], null);

    /// <summary>One network of a sandbox.</summary>
    public void Publish(NetworkEventKind kind, AttachmentRecord attachment, NetworkRecord network) => Publish(kind, network.Name, [network], attachment);

    /// <summary>All networks of a sandbox.</summary>
    public void Publish(NetworkEventKind kind, AttachmentRecord attachment)
    {
        var bridged = attachment.Links.Select(link => catalog.Find(link.NetworkId)).OfType<NetworkRecord>().ToArray();
        Publish(kind, attachment.Network, bridged.Length == 0 && catalog.Find(attachment.Network) is { } other ? [other] : bridged, attachment);
    }

    private void Publish(NetworkEventKind kind, string network, IReadOnlyList<NetworkRecord> networks, AttachmentRecord? attachment) =>
        Add(at => new NetworkEvent(kind, network, attachment?.Sandbox ?? "", at) { Networks = networks, SandboxName = attachment?.ShortName ?? "" });
}
