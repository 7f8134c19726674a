using static Suite.Linux.Cgroups.CgroupWrites;

namespace Suite.Linux.Cgroups;

internal static class CpuFiles
{
    public static void Add(CgroupWrites writes, CgroupLimits limits)
    {
        if (limits.Cpus is { } cpus)
            writes.Add("cpuset", "a set of CPUs", "cpuset.cpus", cpus);
        if (limits.MemoryNodes is { } nodes)
            writes.Add("cpuset", "a set of memory nodes", "cpuset.mems", nodes);
        AddRealtime(writes, limits);
        // A weight cannot be set while idle is (cpu_shares_write_u64), so leaving it comes first.
        if (limits.CpuIdle == 0)
            writes.Add("cpu", "the idle class of CPU", "cpu.idle", "0");
        AddBandwidth(writes, limits);
        if (limits.CpuIdle is { } idle and not 0)
            writes.Add("cpu", "the idle class of CPU", "cpu.idle", Number(idle));
    }

    private static void AddBandwidth(CgroupWrites writes, CgroupLimits limits)
    {
        if (limits.CpuShares is null or 0 && limits.CpuQuota is null && limits.CpuPeriod is null && limits.CpuBurst is null)
            return;

        var unified = writes.Need("cpu", "a share or quota of CPU");
        // With idle the weight has no meaning, and the kernel refuses it.
        if (limits.CpuShares is { } shares and > 0 && limits.CpuIdle is null or 0)
            writes.Add("cpu", unified ? "cpu.weight" : "cpu.shares", Number(unified ? WeightOf(shares) : shares));
        if (unified && (limits.CpuQuota is not null || limits.CpuPeriod is not null))
            // A quota alone leaves the period as it is (cgroup-v2.rst, cpu.max).
            writes.Add("cpu", "cpu.max", $"{(limits.CpuQuota is { } q and > 0 ? Number(q) : "max")}{(limits.CpuPeriod is { } p ? $" {Number(p)}" : "")}");
        else if (!unified)
        {
            if (limits.CpuPeriod is { } period)
                writes.Add("cpu", "cpu.cfs_period_us", Number(period));
            if (limits.CpuQuota is { } quota)
                writes.Add("cpu", "cpu.cfs_quota_us", Number(quota));
        }

        if (limits.CpuBurst is { } burst)
            writes.Add("cpu", unified ? "cpu.max.burst" : "cpu.cfs_burst_us", Number(burst));
    }

    private static void AddRealtime(CgroupWrites writes, CgroupLimits limits)
    {
        if (limits.RealtimePeriod is null && limits.RealtimeRuntime is null)
            return;
        writes.NeedV1("cpu", "a share of realtime");
        if (limits.RealtimePeriod is { } period)
            writes.Add("cpu", "cpu.rt_period_us", Number(period));
        if (limits.RealtimeRuntime is { } runtime)
            writes.Add("cpu", "cpu.rt_runtime_us", Number(runtime));
    }

    /// <summary>
    /// Shares 2..262144 to weight 1..10000 along a curve that keeps the three points that matter: the ends, and the default 1024
    /// at the default 100. A straight line would make the default share a weight of 39.
    /// </summary>
    internal static long WeightOf(long shares)
    {
        var log = Math.Log2(Math.Clamp(shares, 2, 262_144));
        return (long)Math.Ceiling(Math.Pow(10, ((log * log) + (125 * log)) / 612.0 - (7.0 / 34.0)) - 1e-9);
    }
}
