using Suite.Linux.Errors;
using Suite.Network.Attachments;

namespace Suite.Network.Networks;

/// <summary>Removes a network that nobody uses.</summary>
internal sealed class RemoveNetwork(NetworkCatalog catalog, NetworkStore store, AttachmentStore attachments, BridgeKeeper keeper)
{
    /// <summary>Called with the gate held.</summary>
    public async Task RunAsync(string nameOrId, CancellationToken cancellationToken)
    {
        var network = catalog.Get(nameOrId);
        if (network.Bridge is null || network.Name == NetworkRecord.Default)
        {
            throw new SuiteException(ErrorKind.FailedPrecondition, $"the network {network.Name} is built in and stays");
        }

        if (attachments.All().FirstOrDefault(a => a.Links.Any(link => link.NetworkId == network.Id)) is { } user)
        {
            throw new SuiteException(ErrorKind.FailedPrecondition, $"the network {network.Name} is used by {user.Name}: remove it first");
        }

        keeper.Removed(network);
        await store.RemoveAsync(network.Id, cancellationToken);
        catalog.Remove(network);
    }
}
