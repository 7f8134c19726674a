using Suite.Runtime.Peers;
using Suite.Runtime.Store;

namespace Suite.Runtime.Recovery;

/// <summary>Root file systems of containers that a service before this one had begun and not written down yet when it was killed.</summary>
internal sealed class OrphanRoots(Inventory inventory, ImagePeer images)
{
    /// <summary>May run beside calls: a container is in the inventory before its root is asked for, and as long as that is there.</summary>
    public async Task RemoveAsync(CancellationToken cancellationToken)
    {
        foreach (var id in await images.ListTemporaryAsync(cancellationToken).ConfigureAwait(false))
        {
            if (!inventory.TryGetContainer(id, out _))
                await images.RemoveAsync(id, cancellationToken).ConfigureAwait(false);
        }
    }
}
