using Suite.Linux.Errors;
using Suite.Runtime.Concurrency;
using Suite.Runtime.Containers;
using Suite.Runtime.Store;

namespace Suite.Runtime.Solo;

/// <summary>Removes a pod of one. Running is refused unless forced.</summary>
internal sealed class RemoveSolo(Inventory inventory, KeyedLocks locks, StopContainer stop, EndSolo end, ExitWaits waits)
{
    public async Task RemoveAsync(ContainerRecord container, bool force, bool withVolumes, CancellationToken cancellationToken)
    {
        if (container.State.MayHaveProcess())
        {
            if (!force)
                throw new SuiteException(ErrorKind.FailedPrecondition, $"cannot remove container {container.Name}: it is {container.State.Word()}; stop it first, or force the removal");
            await stop.StopAsync(container.Id, TimeSpan.Zero, cancellationToken).ConfigureAwait(false);
        }
        using var held = await locks.AcquireAsync(container.Id, cancellationToken).ConfigureAwait(false);
        if (!inventory.TryGetContainer(container.Id, out var current))
            return;
        await end.RemoveLockedAsync(current, withVolumes || current.Solo is { AutoRemove: true }, cancellationToken).ConfigureAwait(false);
        waits.Release(current);
    }
}
