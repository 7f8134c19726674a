using Suite.Runtime.Concurrency;
using Suite.Runtime.Containers;
using Suite.Runtime.Events;
using Suite.Runtime.Store;

namespace Suite.Runtime.Pods;

/// <summary>Removes a pod with its containers, stopping whatever still runs. Gone already is no error.</summary>
internal sealed class RemovePodSandbox(
    Inventory inventory, KeyedLocks locks, StopPodSandbox stop, RemoveContainer removeContainer, ContainerEvents events)
{
    public async Task RemoveAsync(string podId, CancellationToken cancellationToken)
    {
        using var held = await locks.AcquireAsync(podId, cancellationToken).ConfigureAwait(false);
        await stop.StopLockedAsync(podId, cancellationToken).ConfigureAwait(false);
        if (inventory.UpdatePod(podId, pod => pod.HasGivenUpName ? pod : pod with { State = PodState.Removing }) is null)
            return;
        await Task.WhenAll(inventory.ContainersOf(podId)
            .Select(container => removeContainer.RemoveAsync(container.Id, cancellationToken))).ConfigureAwait(false);
        inventory.RemovePod(podId);
        events.PodDeleted(podId);
    }
}
