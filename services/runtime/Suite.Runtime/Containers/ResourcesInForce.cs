using Suite.Linux.Cgroups;
using Suite.Runtime.Pods;
using Suite.Runtime.Store;

namespace Suite.Runtime.Containers;

/// <summary>
/// What a running container is limited to, as the kernel says: it may round, and others may write to its files. Where the
/// kernel holds what was asked for, it is told in the words of the request, so that a kubelet finds its own figures again.
/// </summary>
internal sealed class ResourcesInForce(Inventory inventory, PodPlaces places, CgroupHost host)
{
    private static readonly long PageSize = Environment.SystemPageSize;

    public ContainerResources Of(ContainerRecord container)
    {
        if (container.State != ContainerState.Running || !inventory.TryGetPod(container.PodId, out var pod))
            return container.Config.Resources;
        return Compare(container.Config.Resources, LimitsInForce.Read(new FigureReader(), host, places.CgroupOf(pod, container.Id)), host);
    }

    public static ContainerResources Compare(ContainerResources asked, CgroupLimits kernel, CgroupHost host) => asked with
    {
        MemoryBytes = Bytes(asked.MemoryBytes, kernel.MemoryBytes),
        // Counted with the swap of the machine, which may be none: an unlimited one is not told where none was asked for.
        MemorySwapBytes = asked.MemorySwapBytes == 0 ? 0 : Bytes(asked.MemorySwapBytes, kernel.MemoryAndSwapBytes ?? kernel.MemoryBytes),
        CpuShares = kernel.CpuShares is { } shares && asked.CpuShares > 0 && !LimitsInForce.AreShares(host, asked.CpuShares, shares) ? shares : asked.CpuShares,
        CpuQuota = kernel.CpuQuota ?? (asked.CpuQuota < 0 ? asked.CpuQuota : 0),
        CpuPeriod = asked.CpuPeriod == 0 ? 0 : kernel.CpuPeriod ?? asked.CpuPeriod,
        CpusetCpus = asked.CpusetCpus.Length == 0 ? "" : kernel.Cpus ?? asked.CpusetCpus,
        CpusetMems = asked.CpusetMems.Length == 0 ? "" : kernel.MemoryNodes ?? asked.CpusetMems,
    };

    // Memory is counted in pages: the kernel rounds a limit down to whole ones.
    private static long Bytes(long asked, long? kernel) =>
        kernel is not { } bytes ? (asked < 0 ? asked : 0) : asked > 0 && asked / PageSize * PageSize == bytes ? asked : bytes;
}
