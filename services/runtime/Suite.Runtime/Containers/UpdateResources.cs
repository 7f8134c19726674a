using Suite.Linux.Errors;
using Suite.Runtime.Concurrency;
using Suite.Runtime.Exec.Shims;
using Suite.Runtime.Shims;
using Suite.Runtime.Specs;
using Suite.Runtime.Store;

namespace Suite.Runtime.Containers;

/// <summary>
/// Changes a container's limits in place (KEP-1287). What is not asked for stays. In force when it returns, or as before; one
/// that does not run yet gets them with its start.
/// </summary>
internal sealed class UpdateResources(Inventory inventory, KeyedLocks locks, PodShims shims)
{
    public async Task UpdateAsync(string containerId, ContainerResources asked, CancellationToken cancellationToken)
    {
        using var held = await locks.AcquireAsync(containerId, cancellationToken).ConfigureAwait(false);
        if (!inventory.TryGetContainer(containerId, out var container))
            throw new SuiteException(ErrorKind.NotFound, $"no container {containerId} is here");
        if (container.State is not (ContainerState.Created or ContainerState.Running))
            throw new SuiteException(ErrorKind.FailedPrecondition, $"cannot change the limits of container {container.Name}: it is {container.State.Word()}, and must be created or running");
        var before = container.Config.Resources;
        var after = before.With(asked);
        if (container.State == ContainerState.Running)
            await ApplyAsync(container, before, after).ConfigureAwait(false);
        inventory.UpdateContainer(containerId, current => current with { Config = current.Config with { Resources = after } });
    }

    // From here on it is one request, and what it has done by then would be done half: not cancelled.
    private async Task ApplyAsync(ContainerRecord container, ContainerResources before, ContainerResources after)
    {
        var shim = shims.Of(container.PodId);
        try
        {
            await shim.UpdateAsync(container.Id, ResourceLimits.InPlace(after), CancellationToken.None).ConfigureAwait(false);
        }
        catch (SuiteException refused) when (refused.Kind is not (ErrorKind.Unavailable or ErrorKind.InvalidArgument or ErrorKind.Unsupported))
        {
            // Some may be in force by now; a caller who is told of a failure may count on the limits that it knows.
            await RestoreAsync(shim, container.Id, before).ConfigureAwait(false);
            throw new SuiteException(ErrorKind.FailedPrecondition, $"cannot change the limits of container {container.Name}: {refused.Message}", refused);
        }
    }

    private static async Task RestoreAsync(ShimConnection shim, string containerId, ContainerResources before)
    {
        try
        {
            await shim.UpdateAsync(containerId, ResourceLimits.InPlace(before), CancellationToken.None).ConfigureAwait(false);
        }
        catch (SuiteException)
        {
            // The first refusal is what the caller has to know; a status tells what is in force.
        }
    }
}
