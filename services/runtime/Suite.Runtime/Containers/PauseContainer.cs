using Suite.Linux.Cgroups;
using Suite.Linux.Errors;
using Suite.Runtime.Concurrency;
using Suite.Runtime.Journals;
using Suite.Runtime.Pods;
using Suite.Runtime.Store;

namespace Suite.Runtime.Containers;

/// <summary>Freezes a running container, and lets it go on.</summary>
internal sealed class PauseContainer(Inventory inventory, KeyedLocks locks, PodPlaces places, CgroupHost host, Journal journal)
{
    private readonly CgroupFreezer _freezer = new(host);

    public async Task PauseAsync(string containerId, CancellationToken cancellationToken)
    {
        using var held = await locks.AcquireAsync(containerId, cancellationToken).ConfigureAwait(false);
        var container = Running(containerId, "pause");
        if (container.Paused)
            throw new SuiteException(ErrorKind.FailedPrecondition, $"cannot pause container {container.Name}: it is paused already");
        // The intent first: after a crash in between, a frozen container is known to be one.
        inventory.UpdateContainer(containerId, current => current with { Paused = true });
        try
        {
            await _freezer.FreezeAsync(CgroupOf(container), cancellationToken).ConfigureAwait(false);
        }
        catch
        {
            inventory.UpdateContainer(containerId, current => current with { Paused = false });
            throw;
        }
        journal.Record(container, Actions.Pause);
    }

    public async Task ResumeAsync(string containerId, CancellationToken cancellationToken)
    {
        using var held = await locks.AcquireAsync(containerId, cancellationToken).ConfigureAwait(false);
        var container = Running(containerId, "resume");
        if (!container.Paused)
            throw new SuiteException(ErrorKind.FailedPrecondition, $"cannot resume container {container.Name}: it is not paused");
        Thaw(container);
    }

    /// <summary>For who is about to end it: a frozen process does not even die (v1's freezer). Not paused is no error.</summary>
    public void LetGo(string containerId)
    {
        if (inventory.TryGetContainer(containerId, out var container) && container is { Paused: true, State: ContainerState.Running })
            Thaw(container);
    }

    private void Thaw(ContainerRecord container)
    {
        _freezer.Thaw(CgroupOf(container));
        inventory.UpdateContainer(container.Id, current => current with { Paused = false });
        journal.Record(container, Actions.Unpause);
    }

    private ContainerRecord Running(string containerId, string purpose)
    {
        var container = inventory.AnyContainer(containerId);
        return container.State == ContainerState.Running
            ? container
            : throw new SuiteException(ErrorKind.FailedPrecondition, $"cannot {purpose} container {container.Name}: it is {container.State.Word()}, and must be running");
    }

    private string CgroupOf(ContainerRecord container) => inventory.TryGetPod(container.PodId, out var pod)
        ? places.CgroupOf(pod, container.Id)
        : throw new SuiteException(ErrorKind.FailedPrecondition, $"the pod of container {container.Name} is gone");
}
