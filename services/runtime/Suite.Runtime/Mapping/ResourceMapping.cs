using Suite.Linux.Errors;
using Suite.Runtime.Containers;
using Cri = Runtime.V1;

namespace Suite.Runtime.Mapping;

internal static class ResourceMapping
{
    /// <param name="field">Where the caller wrote them.</param>
    public static ContainerResources ToDomain(this Cri.LinuxContainerResources resources, string field) => new()
    {
        CpuPeriod = Period(resources.CpuPeriod, $"{field}.cpu_period"),
        CpuQuota = Quota(resources.CpuQuota, $"{field}.cpu_quota"),
        CpuShares = NotNegative(resources.CpuShares, $"{field}.cpu_shares"),
        MemoryBytes = AtLeastNone(resources.MemoryLimitInBytes, $"{field}.memory_limit_in_bytes"),
        MemorySwapBytes = Swap(resources, field),
        OomScoreAdjust = Score(resources.OomScoreAdj, $"{field}.oom_score_adj"),
        CpusetCpus = CpuSet(resources.CpusetCpus, $"{field}.cpuset_cpus"),
        CpusetMems = CpuSet(resources.CpusetMems, $"{field}.cpuset_mems"),
        Hugepages = [.. resources.HugepageLimits.Select(limit => new HugepageLimit(limit.PageSize, limit.Limit))],
        Unified = resources.Unified.ToDomain(),
    };

    // sched-bwc.rst: a period is between 1 ms and 1 s, a quota at least 1 ms; 0 is "not said", negative "no quota".
    private static long Period(long value, string field) =>
        value is 0 or (>= 1000 and <= 1_000_000) ? value : throw Invalid($"{field}: {value} is not between 1000 and 1000000 microseconds");

    private static long Quota(long value, string field) =>
        value is <= 0 or >= 1000 ? value : throw Invalid($"{field}: {value} is less than 1000 microseconds");

    private static long Score(long value, string field) =>
        value is >= -1000 and <= 1000 ? value : throw Invalid($"{field}: {value} is not between -1000 and 1000");

    private static long Swap(Cri.LinuxContainerResources resources, string field)
    {
        var both = AtLeastNone(resources.MemorySwapLimitInBytes, $"{field}.memory_swap_limit_in_bytes");
        return both > 0 && both < resources.MemoryLimitInBytes
            ? throw Invalid($"{field}.memory_swap_limit_in_bytes: {both} is less than memory_limit_in_bytes, {resources.MemoryLimitInBytes}, which it includes")
            : both;
    }

    private static string CpuSet(string value, string field) =>
        value.All(c => char.IsAsciiDigit(c) || c is ',' or '-') ? value : throw Invalid($"{field}: {value} is not a list such as 0-2,7");

    private static long NotNegative(long value, string field) => value >= 0 ? value : throw Invalid($"{field}: {value} is negative");

    private static long AtLeastNone(long value, string field) => value >= -1 ? value : throw Invalid($"{field}: {value} is less than -1, which is no limit");

    private static SuiteException Invalid(string message) => new(ErrorKind.InvalidArgument, message);

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
