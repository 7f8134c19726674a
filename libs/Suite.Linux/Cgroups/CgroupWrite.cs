using System.Globalization;
using Suite.Linux.Errors;

namespace Suite.Linux.Cgroups;

/// <summary>One text that goes into one file of a cgroup.</summary>
public readonly record struct CgroupWrite(string Controller, string File, string Text)
{
    /// <summary>Limits as the files of this host want them, in an order that the kernel accepts.</summary>
    /// <exception cref="SuiteException">Unsupported: a limit is asked for whose controller the host lacks.</exception>
    public static IReadOnlyList<CgroupWrite> For(CgroupLimits limits, CgroupHost host)
    {
        var writes = new List<CgroupWrite>();
        Memory(writes, limits, host);
        Cpu(writes, limits, host);
        if (limits.Cpus is { } cpus)
        {
            Need(host, "cpuset", "a set of CPUs");
            writes.Add(new("cpuset", "cpuset.cpus", cpus));
        }

        if (limits.MemoryNodes is { } nodes)
        {
            Need(host, "cpuset", "a set of memory nodes");
            writes.Add(new("cpuset", "cpuset.mems", nodes));
        }

        if (limits.Pids is { } pids)
        {
            Need(host, "pids", "a limit of processes");
            writes.Add(new("pids", "pids.max", pids < 0 ? "max" : Number(pids)));
        }

        // On v2 devices are an eBPF program's business (cgroup-v2.rst, "Device controller"), not a file's.
        if (host.Find("devices") is not null)
        {
            foreach (var rule in limits.DeviceRules)
            {
                var space = rule.IndexOf(' ', StringComparison.Ordinal);
                writes.Add(new("devices", $"devices.{rule[..space]}", rule[(space + 1)..]));
            }
        }

        return writes;
    }

    private static void Memory(List<CgroupWrite> writes, CgroupLimits limits, CgroupHost host)
    {
        if (limits.MemoryBytes is null && limits.MemoryReservationBytes is null && limits.MemoryAndSwapBytes is null)
            return;

        Need(host, "memory", "a memory limit");
        if (host.Find("memory")!.Unified)
        {
            if (limits.MemoryBytes is { } max)
                writes.Add(new("memory", "memory.max", Max(max)));
            if (limits.MemoryReservationBytes is { } low)
                writes.Add(new("memory", "memory.low", Max(low)));
            // v1 and the specification count memory and swap together, v2 swap alone.
            if (limits.MemoryAndSwapBytes is { } both)
                writes.Add(new("memory", "memory.swap.max", both < 0 ? "max" : Number(Math.Max(0, both - Math.Max(0, limits.MemoryBytes ?? 0)))));
            return;
        }

        // memory.memsw may never be below memory.limit, so memory.limit goes first in a fresh cgroup, where both are unlimited.
        if (limits.MemoryBytes is { } limit)
            writes.Add(new("memory", "memory.limit_in_bytes", Number(limit)));
        if (limits.MemoryAndSwapBytes is { } memsw)
            writes.Add(new("memory", "memory.memsw.limit_in_bytes", Number(memsw)));
        if (limits.MemoryReservationBytes is { } soft)
            writes.Add(new("memory", "memory.soft_limit_in_bytes", Number(soft)));
    }

    private static void Cpu(List<CgroupWrite> writes, CgroupLimits limits, CgroupHost host)
    {
        if (limits.CpuShares is null or 0 && limits.CpuQuota is null && limits.CpuPeriod is null)
            return;

        Need(host, "cpu", "a share or quota of CPU");
        if (host.Find("cpu")!.Unified)
        {
            if (limits.CpuShares is { } shares and > 0)
                writes.Add(new("cpu", "cpu.weight", Number(WeightOf(shares))));
            if (limits.CpuQuota is not null || limits.CpuPeriod is not null)
                writes.Add(new("cpu", "cpu.max", $"{(limits.CpuQuota is { } q and > 0 ? Number(q) : "max")} {Number(limits.CpuPeriod ?? 100_000)}"));
            return;
        }

        if (limits.CpuShares is { } v1 and > 0)
            writes.Add(new("cpu", "cpu.shares", Number(v1)));
        if (limits.CpuPeriod is { } period)
            writes.Add(new("cpu", "cpu.cfs_period_us", Number(period)));
        if (limits.CpuQuota is { } quota)
            writes.Add(new("cpu", "cpu.cfs_quota_us", Number(quota)));
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

    private static void Need(CgroupHost host, string controller, string what)
    {
        if (host.Find(controller) is null)
            throw new SuiteException(
                ErrorKind.Unsupported, $"set {what}: this host has no {controller} controller (cgroup {host.Version}); mount it, or leave the limit out");
    }

    private static string Max(long value) => value < 0 ? "max" : Number(value);

    private static string Number(long value) => value.ToString(CultureInfo.InvariantCulture);
}
