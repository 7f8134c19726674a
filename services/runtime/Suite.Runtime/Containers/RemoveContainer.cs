using Suite.Runtime.Concurrency;
using Suite.Runtime.Events;
using Suite.Runtime.Journals;
using Suite.Runtime.Peers;
using Suite.Runtime.Pods;
using Suite.Runtime.Shims;
using Suite.Runtime.Statistics;
using Suite.Runtime.Store;
using Suite.Runtime.Streams;

namespace Suite.Runtime.Containers;

/// <summary>Removes a container and its files, killing it if it runs. Gone already is no error.</summary>
internal sealed class RemoveContainer(
    Inventory inventory,
    KeyedLocks locks,
    StopContainer stop,
    PodShims shims,
    ImagePeer images,
    ImageVolumes volumes,
    PodPlaces places,
    PendingAttachments attachments,
    UsageHistory history,
    ContainerEvents events,
    Journal journal)
{
    public async Task RemoveAsync(string containerId, CancellationToken cancellationToken)
    {
        await stop.StopAsync(containerId, TimeSpan.Zero, cancellationToken).ConfigureAwait(false);
        using var held = await locks.AcquireAsync(containerId, cancellationToken).ConfigureAwait(false);
        await RemoveLockedAsync(containerId, cancellationToken).ConfigureAwait(false);
    }

    /// <summary>For a caller that holds the container's lock, and knows that it does not run.</summary>
    public async Task RemoveLockedAsync(string containerId, CancellationToken cancellationToken)
    {
        if (inventory.UpdateContainer(containerId, current => current.State.HasGivenUpName() ? current : current with { State = ContainerState.Removing }) is not { } container)
            return;
        attachments.Abandon(container);
        var forgetting = shims.Find(container.PodId)?.DeleteContainerAsync(containerId, cancellationToken) ?? Task.CompletedTask;
        await Task.WhenAll(forgetting, images.RemoveAsync(containerId, cancellationToken), volumes.RemoveAsync(containerId, container.Config.Mounts, cancellationToken)).ConfigureAwait(false);
        var state = places.StateOf(containerId);
        if (Directory.Exists(state))
            Directory.Delete(state, recursive: true);
        inventory.RemoveContainer(containerId);
        history.Forget(containerId);
        if (container.State == ContainerState.Discarding)
            return;
        events.Publish(containerId, container.PodId, ContainerEventKind.Deleted);
        journal.Record(container, Actions.Destroy);
    }
}
