using Suite.Runtime.Containers;
using Cri = Runtime.V1;

namespace Suite.Runtime.Mapping;

internal static class ResourceMapping
{
    public static ContainerResources ToDomain(this Cri.LinuxContainerResources resources) => new()
    {
        CpuPeriod = resources.CpuPeriod,
        CpuQuota = resources.CpuQuota,
        CpuShares = resources.CpuShares,
        MemoryBytes = resources.MemoryLimitInBytes,
        MemorySwapBytes = resources.MemorySwapLimitInBytes,
        OomScoreAdjust = resources.OomScoreAdj,
        CpusetCpus = resources.CpusetCpus,
        CpusetMems = resources.CpusetMems,
        Hugepages = [.. resources.HugepageLimits.Select(limit => new HugepageLimit(limit.PageSize, limit.Limit))],
        Unified = resources.Unified.ToDomain(),
    };

    public static Cri.LinuxContainerResources ToMessage(this ContainerResources resources)
    {
        var message = new Cri.LinuxContainerResources
        {
            CpuPeriod = resources.CpuPeriod,
            CpuQuota = resources.CpuQuota,
            CpuShares = resources.CpuShares,
            MemoryLimitInBytes = resources.MemoryBytes,
            MemorySwapLimitInBytes = resources.MemorySwapBytes,
            OomScoreAdj = resources.OomScoreAdjust ?? 0,
            CpusetCpus = resources.CpusetCpus,
            CpusetMems = resources.CpusetMems,
        };
        foreach (var limit in resources.Hugepages)
            message.HugepageLimits.Add(new Cri.HugepageLimit { PageSize = limit.PageSize, Limit = limit.Bytes });
        foreach (var (name, value) in resources.Unified)
            message.Unified.Add(name, value);
        return message;
    }
}
