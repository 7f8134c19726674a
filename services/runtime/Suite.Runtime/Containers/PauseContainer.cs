using Suite.Linux.Errors;
using Suite.Runtime.Concurrency;
using Suite.Runtime.Journals;
using Suite.Runtime.Shims;
using Suite.Runtime.Store;

namespace Suite.Runtime.Containers;

/// <summary>Freezes a running container, and lets it go on.</summary>
internal sealed class PauseContainer(Inventory inventory, KeyedLocks locks, PodShims shims, Journal journal)
{
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
            await shims.Of(container.PodId).PauseAsync(containerId, CancellationToken.None).ConfigureAwait(false);
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
        await ThawAsync(container).ConfigureAwait(false);
    }

    /// <summary>For who is about to end it: a frozen process hears no signal but the last, and on v1 not even that. Not paused is no error.</summary>
    public async Task LetGoAsync(string containerId)
    {
        if (inventory.TryGetContainer(containerId, out var container) && container is { Paused: true, State: ContainerState.Running })
            await ThawAsync(container).ConfigureAwait(false);
    }

    private async Task ThawAsync(ContainerRecord container)
    {
        await shims.Of(container.PodId).ResumeAsync(container.Id, CancellationToken.None).ConfigureAwait(false);
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
}
