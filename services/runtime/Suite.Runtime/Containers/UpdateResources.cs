using Suite.Linux.Cgroups;
using Suite.Linux.Errors;
using Suite.Runtime.Concurrency;
using Suite.Runtime.Exec.Plans;
using Suite.Runtime.Pods;
using Suite.Runtime.Specs;
using Suite.Runtime.Store;

namespace Suite.Runtime.Containers;

/// <summary>
/// Changes a container's limits in place (KEP-1287). What is not asked for stays. In force when it returns, or as before; one
/// that does not run yet gets them with its start.
/// </summary>
internal sealed class UpdateResources(Inventory inventory, KeyedLocks locks, PodPlaces places, CgroupHost host)
{
    public async Task UpdateAsync(string containerId, ContainerResources asked, CancellationToken cancellationToken)
    {
        using var held = await locks.AcquireAsync(containerId, cancellationToken).ConfigureAwait(false);
        if (!inventory.TryGetContainer(containerId, out var container) || !inventory.TryGetPod(container.PodId, out var pod))
            throw new SuiteException(ErrorKind.NotFound, $"no container {containerId} is here");
        if (container.State is not (ContainerState.Created or ContainerState.Running))
            throw new SuiteException(ErrorKind.FailedPrecondition, $"cannot change the limits of container {container.Name}: it is {container.State.Word()}, and must be created or running");
        var before = container.Config.Resources;
        var after = before.With(asked);
        if (container.State == ContainerState.Running)
            Apply(container, places.CgroupOf(pod, containerId), before, after);
        inventory.UpdateContainer(containerId, current => current with { Config = current.Config with { Resources = after } });
    }

    private void Apply(ContainerRecord container, string path, ContainerResources before, ContainerResources after)
    {
        RequireRoom(container, path, after.MemoryBytes);
        try
        {
            LimitsUpdate.Apply(host, path, ResourceLimits.InPlace(after));
        }
        catch (ErrnoException refused)
        {
            // Some may be in force by now; a caller who is told of a failure may count on the limits that it knows.
            Restore(path, before);
            throw new SuiteException(ErrorKind.FailedPrecondition, $"cannot change the limits of container {container.Name}: {refused.Message}", refused);
        }
    }

    private void Restore(string path, ContainerResources before)
    {
        try
        {
            LimitsUpdate.Apply(host, path, ResourceLimits.InPlace(before));
        }
        catch (SuiteException)
        {
            // The first refusal is what the caller has to know; status tells what is in force.
        }
    }

    // v1 refuses a limit below the usage; v2 takes it, and kills to get there.
    private void RequireRoom(ContainerRecord container, string path, long limit)
    {
        var used = MemoryFigures.Read(new FigureReader(), host, path).Usage;
        if (limit > 0 && used > (ulong)limit)
            throw new SuiteException(ErrorKind.FailedPrecondition, $"cannot lower the memory limit of container {container.Name} to {limit} bytes: it uses {used}");
    }
}
