using Suite.Linux.Errors;
using Suite.Network.Attachments;
using Suite.Network.Events;

namespace Suite.Network.Networks;

/// <summary>Removes networks that nobody uses.</summary>
internal sealed class RemoveNetwork(NetworkCatalog catalog, NetworkStore store, AttachmentStore attachments, BridgeKeeper keeper, EventHub events)
{
    /// <summary>Called with the gate held.</summary>
    public async Task RunAsync(string nameOrId, CancellationToken cancellationToken)
    {
        var network = catalog.Get(nameOrId);
        if (network.Bridge is null || network.Name == NetworkRecord.Default)
        {
            throw new SuiteException(ErrorKind.FailedPrecondition, $"the network {network.Name} is built in and stays");
        }

        if (attachments.All().FirstOrDefault(a => a.IsOn(network.Id)) is { } user)
        {
            throw new SuiteException(ErrorKind.FailedPrecondition, $"the network {network.Name} is used by {user.Name}: remove it first");
        }

        await RemoveAsync(network, cancellationToken);
    }

    /// <summary>Removes every network that a caller made, nobody uses, and the labels fit. Called with the gate held.</summary>
    /// <param name="labels">Each as KEY or KEY=VALUE; all of them must fit.</param>
    /// <param name="until">Only those made before; null: all.</param>
    public async Task<IReadOnlyList<string>> PruneAsync(IReadOnlyCollection<string> labels, DateTimeOffset? until, CancellationToken cancellationToken)
    {
        var used = attachments.All().SelectMany(a => a.Links).Select(link => link.NetworkId).ToHashSet();
        var removed = new List<string>();
        foreach (var network in catalog.OnBridges.Where(n =>
            n.Name != NetworkRecord.Default && !used.Contains(n.Id) && (until is null || n.CreatedAt < until) && labels.All(label => Fits(n, label))))
        {
            await RemoveAsync(network, cancellationToken);
            removed.Add(network.Name);
        }

        return removed;
    }

    private async Task RemoveAsync(NetworkRecord network, CancellationToken cancellationToken)
    {
        keeper.Removed(network);
        await store.RemoveAsync(network.Id, cancellationToken);
        catalog.Remove(network);
        events.Publish(NetworkEventKind.NetworkRemoved, network);
    }

    private static bool Fits(NetworkRecord network, string label) => label.Split('=', 2) switch
    {
        [var key, var value] => network.Labels.TryGetValue(key, out var found) && found == value,
        [var key, ..] => network.Labels.ContainsKey(key),
        _ => true,
    };
}
