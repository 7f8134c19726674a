using Suite.Runtime.Concurrency;
using Suite.Runtime.Containers;
using Suite.Runtime.Events;
using Suite.Runtime.Store;

namespace Suite.Runtime.Pods;

/// <summary>Kills a pod's containers and gives its network back. Stopped already is no error.</summary>
internal sealed class StopPodSandbox(
    Inventory inventory, KeyedLocks locks, StopContainer stopContainer, SandboxTeardown teardown, ContainerEvents events)
{
    public async Task StopAsync(string podId, CancellationToken cancellationToken)
    {
        using var held = await locks.AcquireAsync(podId, cancellationToken).ConfigureAwait(false);
        await StopLockedAsync(podId, cancellationToken).ConfigureAwait(false);
    }

    /// <summary>For a caller that holds the pod's lock.</summary>
    public async Task StopLockedAsync(string podId, CancellationToken cancellationToken)
    {
        var pod = inventory.UpdatePod(podId, current => current.State == PodState.Ready ? current with { State = PodState.Stopping } : current);
        if (pod is null || !pod.HoldsKernelState)
            return;
        // kubelet has stopped them by their own signal before it stops the pod: those that are left get no second chance.
        await Task.WhenAll(inventory.ContainersOf(podId).Where(container => container.State.MayHaveProcess())
            .Select(container => stopContainer.StopAsync(container.Id, TimeSpan.Zero, cancellationToken))).ConfigureAwait(false);
        await teardown.TearDownAsync(pod, cancellationToken).ConfigureAwait(false);
        var stopped = inventory.UpdatePod(podId, current => current.HasGivenUpName
            ? current
            : current with { State = PodState.NotReady, NetnsPath = null, Shim = null });
        // One that was never ready has told nobody that it started.
        if (stopped is { IsVisible: true })
            events.PodStopped(stopped);
    }
}
