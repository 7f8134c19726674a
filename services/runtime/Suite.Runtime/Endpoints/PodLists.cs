using Runtime.V1;
using Suite.Runtime.Mapping;
using Suite.Runtime.Pods;
using Suite.Runtime.Store;

namespace Suite.Runtime.Endpoints;

/// <summary>What kubelet asks for again and again, answered from memory.</summary>
internal static class PodLists
{
    /// <summary>Items in one message of a stream: far below the limit of a message, whatever the labels.</summary>
    public const int Batch = 500;

    public static IEnumerable<PodSandbox> Pods(Inventory inventory, PodSandboxFilter? filter) => inventory.Pods
        .Where(pod => pod.Origin == PodOrigin.Kubernetes && pod.IsVisible && pod.Matches(filter))
        .OrderByDescending(pod => pod.CreatedAt)
        .Select(pod => pod.ToListItem());

    public static IEnumerable<global::Runtime.V1.Container> Containers(Inventory inventory, ContainerFilter? filter) => inventory.Containers
        .Where(container => container.Origin == PodOrigin.Kubernetes && container.IsVisible && container.Matches(filter))
        .OrderByDescending(container => container.CreatedAt)
        .Select(container => container.ToListItem());

    /// <summary>A pod's status with those of its containers: kubelet's evented PLEG needs both, and the time.</summary>
    public static PodSandboxStatusResponse Status(Inventory inventory, Pod pod)
    {
        var response = new PodSandboxStatusResponse { Status = pod.ToStatus(), Timestamp = TimeProvider.System.NowNanoseconds() };
        response.ContainersStatuses.AddRange(ContainerStatuses(inventory, pod));
        return response;
    }

    public static IEnumerable<ContainerStatus> ContainerStatuses(Inventory inventory, Pod pod) =>
        inventory.ContainersOf(pod.Id).Where(container => container.IsVisible).Select(container => container.ToStatus());
}
