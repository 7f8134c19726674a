using static Suite.Linux.Cgroups.CgroupWrites;

namespace Suite.Linux.Cgroups;

internal static class MemoryFiles
{
    public static void Add(CgroupWrites writes, CgroupLimits limits)
    {
        if (limits.Swappiness is { } swappiness)
        {
            writes.NeedV1("memory", "the swappiness");
            writes.Add("memory", "memory.swappiness", Number(swappiness));
        }

        if (limits.OomKillerDisabled == true)
        {
            writes.NeedV1("memory", "memory without an oom killer");
            writes.Add("memory", "memory.oom_control", "1");
        }

        if (limits.MemoryBytes is null && limits.MemoryReservationBytes is null && limits.MemoryAndSwapBytes is null)
            return;
        if (writes.Need("memory", "a memory limit"))
            AddV2(writes, limits);
        else
            AddV1(writes, limits);
    }

    private static void AddV2(CgroupWrites writes, CgroupLimits limits)
    {
        if (limits.MemoryBytes is { } max)
            writes.Add("memory", "memory.max", Max(max));
        if (limits.MemoryReservationBytes is { } low)
            writes.Add("memory", "memory.low", Max(low));
        // v1 and the specification count memory and swap together, v2 swap alone.
        if (limits.MemoryAndSwapBytes is { } both)
            writes.Add("memory", "memory.swap.max", both < 0 ? "max" : Number(Math.Max(0, both - Math.Max(0, limits.MemoryBytes ?? 0))), optional: true);
    }

    // memory.memsw may never be below memory.limit, so memory.limit goes first in a fresh cgroup, where both are unlimited.
    // Without swap accounting in the kernel there is no memsw; memory is limited all the same, and swap is off or unlimited.
    private static void AddV1(CgroupWrites writes, CgroupLimits limits)
    {
        if (limits.MemoryBytes is { } limit)
            writes.Add("memory", "memory.limit_in_bytes", Number(limit));
        if (limits.MemoryAndSwapBytes is { } memsw)
            writes.Add("memory", "memory.memsw.limit_in_bytes", Number(memsw), optional: true);
        if (limits.MemoryReservationBytes is { } soft)
            writes.Add("memory", "memory.soft_limit_in_bytes", Number(soft));
    }
}
