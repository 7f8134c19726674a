using Suite.Runtime.Concurrency;
using Suite.Runtime.Containers;
using Suite.Runtime.Events;
using Suite.Runtime.Statistics;
using Suite.Runtime.Store;

namespace Suite.Runtime.Pods;

/// <summary>Removes a pod with its containers, stopping whatever still runs. Gone already is no error.</summary>
internal sealed class RemovePodSandbox(
    Inventory inventory, KeyedLocks locks, StopPodSandbox stop, RemoveContainer removeContainer, UsageHistory history, ContainerEvents events)
{
    public async Task RemoveAsync(string podId, CancellationToken cancellationToken)
    {
        using var held = await locks.AcquireAsync(podId, cancellationToken).ConfigureAwait(false);
        await stop.StopLockedAsync(podId, cancellationToken).ConfigureAwait(false);
        if (inventory.UpdatePod(podId, current => current.HasGivenUpName ? current : current with { State = PodState.Removing }) is not { } pod)
            return;
        await Task.WhenAll(inventory.ContainersOf(podId)
            .Select(container => removeContainer.RemoveAsync(container.Id, cancellationToken))).ConfigureAwait(false);
        inventory.RemovePod(podId);
        history.Forget(podId);
        if (pod.IsVisible)
            events.PodDeleted(pod);
    }
}
