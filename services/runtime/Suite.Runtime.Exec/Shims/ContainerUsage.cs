namespace Suite.Runtime.Exec.Shims;

/// <summary>What the container's cgroup says at one moment; 0 where the host has no such controller.</summary>
/// <param name="CpuNanoseconds">Time used on all CPUs since the start.</param>
/// <param name="MemoryBytes">All that is charged, page cache included.</param>
/// <param name="WorkingSetBytes">Without the page cache that can be dropped at once.</param>
public sealed record ContainerUsage(
    DateTimeOffset ReadAt, ulong CpuNanoseconds, ulong MemoryBytes, ulong WorkingSetBytes, ulong MemoryLimitBytes, ulong Processes);
