using System.Globalization;

namespace Suite.Linux.Cgroups;

/// <summary>Limits in the terms of the OCI specification; null: the kernel's default stays. -1 is no limit.</summary>
public sealed record CgroupLimits
{
    public static readonly CgroupLimits None = new();

    public long? MemoryBytes { get; init; }

    public long? MemoryReservationBytes { get; init; }

    public long? MemoryAndSwapBytes { get; init; }

    /// <summary>0 to 100 (v1 alone).</summary>
    public long? Swappiness { get; init; }

    /// <summary>Processes wait for memory instead of being killed (v1 alone).</summary>
    public bool? OomKillerDisabled { get; init; }

    /// <summary>Refuse a memory limit below what is used now.</summary>
    public bool CheckUsage { get; init; }

    public long? CpuShares { get; init; }

    /// <summary>Microseconds of CPU time in each period.</summary>
    public long? CpuQuota { get; init; }

    /// <summary>Microseconds.</summary>
    public long? CpuPeriod { get; init; }

    /// <summary>Microseconds that may be saved up from periods with less use.</summary>
    public long? CpuBurst { get; init; }

    /// <summary>1: runs only when nothing else wants to.</summary>
    public long? CpuIdle { get; init; }

    /// <summary>Microseconds (v1 alone).</summary>
    public long? RealtimeRuntime { get; init; }

    /// <summary>Microseconds (v1 alone).</summary>
    public long? RealtimePeriod { get; init; }

    /// <summary>A list such as <c>0-2,7</c>.</summary>
    public string? Cpus { get; init; }

    public string? MemoryNodes { get; init; }

    public long? Pids { get; init; }

    /// <summary>10 to 1000.</summary>
    public long? BlockWeight { get; init; }

    /// <summary>10 to 1000, against child cgroups (v1 alone, before 5.0).</summary>
    public long? BlockLeafWeight { get; init; }

    public IReadOnlyList<BlockLimit> BlockLimits { get; init; } = [];

    public IReadOnlyList<NamedLimit> HugePages { get; init; } = [];

    /// <summary>The class that net_cls gives to packets (v1 alone).</summary>
    public long? NetworkClass { get; init; }

    /// <summary>Priority by interface (v1 alone).</summary>
    public IReadOnlyList<NamedLimit> NetworkPriorities { get; init; } = [];

    /// <summary>Lines of rdma.max.</summary>
    public IReadOnlyList<string> Rdma { get; init; } = [];

    /// <summary>Lines as devices.allow takes them, each after <c>allow </c> or <c>deny </c>, in order: <c>deny a</c>.</summary>
    public IReadOnlyList<string> DeviceRules { get; init; } = [];

    /// <summary>Files of the v2 tree with what is written to them, after everything else: <c>memory.high=1048576</c>.</summary>
    public IReadOnlyList<string> Unified { get; init; } = [];

    public override string ToString()
    {
        var parts = new List<string>();
        Add(parts, "memory", MemoryBytes);
        Add(parts, "memory reservation", MemoryReservationBytes);
        Add(parts, "memory and swap", MemoryAndSwapBytes);
        Add(parts, "swappiness", Swappiness);
        if (OomKillerDisabled is { } disabled)
            parts.Add(disabled ? "no oom killer" : "an oom killer");
        Add(parts, "cpu shares", CpuShares);
        Add(parts, "cpu quota", CpuQuota);
        Add(parts, "cpu period", CpuPeriod);
        Add(parts, "cpu burst", CpuBurst);
        Add(parts, "cpu idle", CpuIdle);
        Add(parts, "realtime runtime", RealtimeRuntime);
        Add(parts, "realtime period", RealtimePeriod);
        Add(parts, "cpus", Cpus);
        Add(parts, "memory nodes", MemoryNodes);
        Add(parts, "pids", Pids);
        Add(parts, "block weight", BlockWeight);
        Add(parts, "block leaf weight", BlockLeafWeight);
        parts.AddRange(BlockLimits.Select(limit => limit.ToString()));
        parts.AddRange(HugePages.Select(limit => $"hugepages of {limit.Name} {limit.Value}"));
        Add(parts, "network class", NetworkClass);
        parts.AddRange(NetworkPriorities.Select(limit => $"network priority {limit.Name} {limit.Value}"));
        parts.AddRange(Rdma.Select(line => $"rdma {line}"));
        parts.AddRange(DeviceRules.Select(rule => $"devices {rule}"));
        parts.AddRange(Unified);
        return parts.Count == 0 ? "" : $": {string.Join(", ", parts)}";
    }

    private static void Add(List<string> parts, string name, long? value) => Add(parts, name, value?.ToString(CultureInfo.InvariantCulture));

    private static void Add(List<string> parts, string name, string? value)
    {
        if (value is not null)
            parts.Add($"{name} {value}");
    }
}
