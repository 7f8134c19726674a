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
}
