using Suite.Linux.Errors;
using Suite.Runtime.Containers;
using Suite.Runtime.Journals;
using Suite.Runtime.Restarts;
using Suite.Runtime.Store;

namespace Suite.Runtime.Solo;

/// <summary>Changes what a container may use and when it is started again. What is not said stays.</summary>
internal sealed class UpdateSolo(Inventory inventory, UpdateResources resources, RestartContainers restarts, Journal journal)
{
    public async Task UpdateAsync(ContainerRecord container, ContainerResources? limits, RestartPolicy? restart, CancellationToken cancellationToken)
    {
        if (restart is not null && container.Solo is null)
            throw new SuiteException(ErrorKind.FailedPrecondition, $"cannot change the restart policy of container {container.Name}: Kubernetes made it, and has its own");
        if (restart is { Mode: not RestartMode.No } && container.Solo is { AutoRemove: true })
            throw new SuiteException(ErrorKind.FailedPrecondition, $"cannot change the restart policy of container {container.Name}: it is removed when it exits");
        // The part that the kernel may refuse comes first.
        if (limits is not null)
            await UpdateLimitsAsync(container, limits, cancellationToken).ConfigureAwait(false);
        if (restart is not null)
        {
            inventory.UpdateContainer(container.Id, current => current with { Solo = current.Solo! with { Restart = restart } });
            if (restart.Mode == RestartMode.No)
                restarts.Forget(container.Id);
        }
        journal.Record(container, Actions.Update);
    }

    private async Task UpdateLimitsAsync(ContainerRecord container, ContainerResources limits, CancellationToken cancellationToken)
    {
        if (container.State == ContainerState.Exited)
            // A pod of one starts again with them: nothing is in the kernel now.
            inventory.UpdateContainer(container.Id, current => current with { Config = current.Config with { Resources = current.Config.Resources.With(limits) } });
        else
            await resources.UpdateAsync(container.Id, limits, cancellationToken).ConfigureAwait(false);
        inventory.UpdateContainer(container.Id, current => current.Solo is not { } solo ? current : current with { Solo = SoloPlan.WithLimits(solo, current.Config.Resources) });
    }
}
