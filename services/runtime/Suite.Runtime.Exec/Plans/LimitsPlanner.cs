using Suite.Linux.Cgroups;
using Suite.Linux.Errors;
using Suite.Oci.Runtime;

namespace Suite.Runtime.Exec.Plans;

/// <summary>linux.resources of config.json as limits for a cgroup, checked field by field.</summary>
public static class LimitsPlanner
{
    /// <exception cref="SuiteException">InvalidArgument: the message begins with the path of the field that is wrong.</exception>
    public static CgroupLimits From(LinuxResources? resources)
    {
        if (resources is null)
            return CgroupLimits.None;

        var (memory, cpu, block) = (resources.Memory ?? new(), resources.Cpu ?? new(), resources.BlockIO ?? new());
        CheckMemory(memory);
        CheckCpu(cpu);
        return new CgroupLimits
        {
            MemoryBytes = AtLeast(Set(memory.Limit), -1, "memory.limit"),
            MemoryReservationBytes = AtLeast(Set(memory.Reservation), -1, "memory.reservation"),
            MemoryAndSwapBytes = AtLeast(Set(memory.Swap), -1, "memory.swap"),
            Swappiness = (long?)memory.Swappiness,
            OomKillerDisabled = memory.DisableOOMKiller == true ? true : null,
            CheckUsage = memory.CheckBeforeUpdate == true,
            CpuShares = Shares(cpu.Shares),
            CpuQuota = Set(cpu.Quota),
            CpuPeriod = Set((long?)cpu.Period),
            CpuBurst = (long?)cpu.Burst,
            CpuIdle = cpu.Idle,
            RealtimeRuntime = Set(cpu.RealtimeRuntime),
            RealtimePeriod = Set((long?)cpu.RealtimePeriod),
            Cpus = List(cpu.Cpus, "cpu.cpus"),
            MemoryNodes = List(cpu.Mems, "cpu.mems"),
            Pids = resources.Pids?.Limit is { } limit ? (limit <= 0 ? -1 : limit) : null,
            BlockWeight = BlockPlanner.Weight(block.Weight, "blockIO.weight"),
            BlockLeafWeight = BlockPlanner.Weight(block.LeafWeight, "blockIO.leafWeight"),
            BlockLimits = BlockPlanner.From(block),
            HugePages = OtherLimits.HugePages(resources.HugepageLimits ?? []),
            NetworkClass = resources.Network?.ClassID,
            NetworkPriorities = OtherLimits.Priorities(resources.Network?.Priorities ?? []),
            Rdma = OtherLimits.Rdma(resources.Rdma),
            DeviceRules = DeviceRules.From(resources.Devices ?? []),
            Unified = OtherLimits.Unified(resources.Unified),
        };
    }

    internal static SuiteException Invalid(string field, string reason) => new(ErrorKind.InvalidArgument, $"linux.resources.{field}: {reason}");

    private static void CheckMemory(MemoryResources memory)
    {
        if (memory is { Limit: > 0 and var limit, Swap: > 0 and var swap } && swap < limit)
            throw Invalid("memory.swap", $"{swap} is less than the limit {limit}; it counts memory and swap together");
        if (memory.Swappiness > 100)
            throw Invalid("memory.swappiness", $"{memory.Swappiness} is not between 0 and 100");
    }

    private static void CheckCpu(CpuResources cpu)
    {
        // kernel/sched/core.c: a period is 1 ms to 1 s, a quota 1 ms at least.
        if (cpu.Period is > 0 and (< 1000 or > 1_000_000))
            throw Invalid("cpu.period", $"{cpu.Period} is not between 1000 and 1000000 microseconds");
        if (cpu.Quota is > 0 and < 1000)
            throw Invalid("cpu.quota", $"{cpu.Quota} is less than 1000 microseconds");
        if (cpu.Quota is > 0 and var quota && cpu.Burst > (ulong)quota)
            throw Invalid("cpu.burst", $"{cpu.Burst} is more than the quota {quota}");
        if (cpu.Burst > long.MaxValue)
            throw Invalid("cpu.burst", $"{cpu.Burst} is too large");
        if (cpu.Idle is not (null or 0 or 1))
            throw Invalid("cpu.idle", $"{cpu.Idle} is neither 0 nor 1");
        if (cpu.RealtimePeriod > int.MaxValue)
            throw Invalid("cpu.realtimePeriod", $"{cpu.RealtimePeriod} is too large");
        if (cpu.RealtimeRuntime < -1)
            throw Invalid("cpu.realtimeRuntime", $"{cpu.RealtimeRuntime} is less than -1");
    }

    private static long? AtLeast(long? value, long least, string field) =>
        value < least ? throw Invalid(field, $"{value} is less than {least}") : value;

    /// <summary>Callers written in Go send 0 for what they do not set.</summary>
    private static long? Set(long? value) => value == 0 ? null : value;

    // MIN_SHARES and MAX_SHARES of kernel/sched/sched.h: the kernel would cut them as well, and read back something else.
    private static long? Shares(ulong? shares) => shares is null or 0 ? null : (long)Math.Clamp(shares.Value, 2, 262_144);

    private static string? List(string? value, string field)
    {
        if (value is null or "")
            return null;
        if (!char.IsAsciiDigit(value[0]) || value.Any(c => !char.IsAsciiDigit(c) && c is not (',' or '-')))
            throw Invalid(field, $"\"{value}\" is no list such as 0-2,7");
        return value;
    }
}
