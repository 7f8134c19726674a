using Suite.Linux.Errors;
using Suite.Runtime.Concurrency;
using Suite.Runtime.Containers;
using Suite.Runtime.Store;

namespace Suite.Runtime.Pods;

/// <summary>
/// Notes that the sum of a pod's resources changed. The limits of a pod are in the cgroup that a kubelet made and changes
/// itself; this one is told so that whoever looks at the pod here sees the same.
/// </summary>
internal sealed class UpdatePodResources(Inventory inventory, KeyedLocks locks)
{
    /// <param name="overhead">Null: as it was. The same for resources.</param>
    public async Task UpdateAsync(string podId, ContainerResources? overhead, ContainerResources? resources, CancellationToken cancellationToken)
    {
        using var held = await locks.AcquireAsync(podId, cancellationToken).ConfigureAwait(false);
        _ = inventory.UpdatePod(podId, pod => pod.IsReady
            ? pod with { Config = pod.Config with { Overhead = overhead ?? pod.Config.Overhead, Resources = resources ?? pod.Config.Resources } }
            : throw new SuiteException(ErrorKind.FailedPrecondition, $"cannot change the resources of pod {pod.Metadata}: it is not ready"))
            ?? throw new SuiteException(ErrorKind.NotFound, $"no pod {podId} is here");
    }
}
