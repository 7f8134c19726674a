using Suite.Runtime.Concurrency;
using Suite.Runtime.Containers;
using Suite.Runtime.Journals;
using Suite.Runtime.Pods;
using Suite.Runtime.Store;
using Suite.Runtime.Volumes;

namespace Suite.Runtime.Solo;

/// <summary>After the end of a pod of one: its sandbox goes, and the container too if it was asked to.</summary>
internal sealed class EndSolo(Inventory inventory, KeyedLocks locks, SandboxTeardown teardown, RemoveContainer remove, VolumeStore volumes, Journal journal)
{
    public async Task EndAsync(string containerId)
    {
        using var held = await locks.AcquireAsync(containerId, CancellationToken.None).ConfigureAwait(false);
        // Started again, or removed, before its turn came.
        if (!inventory.TryGetContainer(containerId, out var container) || container.State != ContainerState.Exited)
            return;
        await EndSandboxAsync(container.PodId, CancellationToken.None).ConfigureAwait(false);
        if (container.Solo is { AutoRemove: true })
            await RemoveLockedAsync(container, withVolumes: true, CancellationToken.None).ConfigureAwait(false);
    }

    public async Task EndSandboxAsync(string podId, CancellationToken cancellationToken)
    {
        var wasReady = false;
        var pod = inventory.UpdatePod(podId, current =>
        {
            wasReady = current.State == PodState.Ready;
            return wasReady || current.State == PodState.Creating ? current with { State = PodState.Stopping } : current;
        });
        if (pod is null || !pod.HoldsKernelState)
            return;
        // Once a sandbox: the start tells of the mounts when it has one that is ready.
        if (wasReady && inventory.Containers.FirstOrDefault(container => container.PodId == podId) is { } container)
            journal.RecordMounts(container, Actions.Unmount);
        await teardown.TearDownAsync(pod, cancellationToken).ConfigureAwait(false);
        inventory.UpdatePod(podId, current => current.State == PodState.Stopping
            ? current with { State = PodState.NotReady, NetnsPath = null, Shim = null, Addresses = [], Ports = [] }
            : current);
    }

    /// <summary>For a caller that holds the container's lock, and knows that it does not run.</summary>
    /// <param name="container">A pod of one.</param>
    /// <param name="withVolumes">Those that nobody named go along.</param>
    public async Task RemoveLockedAsync(ContainerRecord container, bool withVolumes, CancellationToken cancellationToken)
    {
        inventory.UpdateContainer(container.Id, current => current.State.HasGivenUpName() ? current : current with { State = ContainerState.Removing });
        await EndSandboxAsync(container.PodId, cancellationToken).ConfigureAwait(false);
        await remove.RemoveLockedAsync(container.Id, cancellationToken).ConfigureAwait(false);
        inventory.RemovePod(container.PodId);
        if (!withVolumes)
            return;
        foreach (var name in SoloVolumes.Anonymous(container.Solo!))
            volumes.RemoveUnused(name);
    }
}
