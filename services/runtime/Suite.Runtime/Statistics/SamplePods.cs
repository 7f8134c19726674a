using Suite.Linux.Cgroups;
using Suite.Runtime.Containers;
using Suite.Runtime.Pods;
using Suite.Runtime.Store;

namespace Suite.Runtime.Statistics;

/// <summary>What pods use: the pod's own cgroup, which holds all its processes, its network namespace, and each container.</summary>
internal sealed class SamplePods(Inventory inventory, PodPlaces places, UsageReader usage, SampleContainers containers, TimeProvider time)
{
    public async Task<PodSample> OfAsync(Pod pod, CancellationToken cancellationToken)
    {
        var running = inventory.ContainersOf(pod.Id).Where(container => container.State == ContainerState.Running);
        // Before the pod, whose time is then at least that of each.
        var samples = await containers.OfAsync(running, cancellationToken).ConfigureAwait(false);
        var at = time.NowNanoseconds();
        var reader = new FigureReader();
        return new PodSample
        {
            Pod = pod,
            At = at,
            Usage = pod.IsReady ? usage.Read(reader, pod.Id, places.CgroupOf(pod), at) : null,
            // The shim lives in the pod's network namespace.
            Interfaces = pod is { IsReady: true, Shim: { } shim, NetnsPath: not null } ? UsageReader.Interfaces(reader, shim.Pid) : [],
            Containers = samples,
        };
    }
}
