using Runtime.V1;
using Suite.Runtime.Containers;
using Suite.Runtime.Mapping;
using Suite.Runtime.Pods;
using Suite.Runtime.Store;

namespace Suite.Runtime.Endpoints;

/// <summary>The status of one pod or container, with its limits as the kernel has them, and on wish what helps to find a fault.</summary>
internal sealed class Statuses(Inventory inventory, ResourcesInForce resources, VerboseInfo info, TimeProvider time)
{
    /// <summary>A pod's with those of its containers: kubelet's evented PLEG needs both, and the time.</summary>
    public PodSandboxStatusResponse Of(Pod pod, bool verbose)
    {
        var response = new PodSandboxStatusResponse { Status = pod.ToStatus(), Timestamp = time.NowNanoseconds() };
        response.ContainersStatuses.AddRange(inventory.ContainersOf(pod.Id).Where(container => container.IsVisible).Select(Of));
        if (verbose)
            response.Info["info"] = info.Of(pod);
        return response;
    }

    public ContainerStatusResponse Of(ContainerRecord container, bool verbose)
    {
        var response = new ContainerStatusResponse { Status = Of(container) };
        if (verbose)
            response.Info["info"] = info.Of(container);
        return response;
    }

    private ContainerStatus Of(ContainerRecord container) => container.ToStatus(resources.Of(container));
}
