using System.Globalization;
using System.Text;

namespace Suite.Linux.Cgroups;

/// <summary>Limits in the terms of the OCI specification; null: the kernel's default stays. -1 is no limit.</summary>
public sealed record CgroupLimits
{
    public static readonly CgroupLimits None = new();

    public long? MemoryBytes { get; init; }

    public long? MemoryReservationBytes { get; init; }

    public long? MemoryAndSwapBytes { get; init; }

    public long? CpuShares { get; init; }

    /// <summary>Microseconds of CPU time in each period.</summary>
    public long? CpuQuota { get; init; }

    /// <summary>Microseconds.</summary>
    public long? CpuPeriod { get; init; }

    /// <summary>A list such as <c>0-2,7</c>.</summary>
    public string? Cpus { get; init; }

    public string? MemoryNodes { get; init; }

    public long? Pids { get; init; }

    /// <summary>Lines as devices.allow takes them, each after <c>allow </c> or <c>deny </c>, in order: <c>deny a</c>.</summary>
    public IReadOnlyList<string> DeviceRules { get; init; } = [];

    public override string ToString()
    {
        var text = new StringBuilder();
        Add(text, "memory", MemoryBytes);
        Add(text, "memory reservation", MemoryReservationBytes);
        Add(text, "memory and swap", MemoryAndSwapBytes);
        Add(text, "cpu shares", CpuShares);
        Add(text, "cpu quota", CpuQuota);
        Add(text, "cpu period", CpuPeriod);
        Add(text, "cpus", Cpus);
        Add(text, "memory nodes", MemoryNodes);
        Add(text, "pids", Pids);
        foreach (var rule in DeviceRules)
            text.Append(text.Length == 0 ? ": " : ", ").Append("devices ").Append(rule);

        return text.ToString();
    }

    private static void Add(StringBuilder text, string name, long? value) =>
        Add(text, name, value?.ToString(CultureInfo.InvariantCulture));

    private static void Add(StringBuilder text, string name, string? value)
    {
        if (value is not null)
            text.Append(text.Length == 0 ? ": " : ", ").Append(name).Append(' ').Append(value);
    }
}
