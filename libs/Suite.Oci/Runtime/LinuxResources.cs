using System.Text.Json.Serialization;

namespace Suite.Oci.Runtime;

/// <summary>Limits and weights, written to the container's cgroup. Absent: the kernel's default, nothing is written.</summary>
public sealed record LinuxResources
{
    public IReadOnlyList<DeviceRule>? Devices { get; init; }

    public MemoryResources? Memory { get; init; }

    public CpuResources? Cpu { get; init; }

    public PidsResources? Pids { get; init; }

    [JsonPropertyName("blockIO")]
    public BlockIoResources? BlockIO { get; init; }

    public IReadOnlyList<HugepageLimit>? HugepageLimits { get; init; }

    public NetworkResources? Network { get; init; }

    public IReadOnlyDictionary<string, RdmaLimit>? Rdma { get; init; }

    /// <summary>Files of cgroup v2 by name, with what is written to them.</summary>
    public IReadOnlyDictionary<string, string>? Unified { get; init; }
}

/// <summary>One rule of the device list; later rules win. Null major or minor is any.</summary>
public sealed record DeviceRule
{
    public bool Allow { get; init; }

    /// <summary><c>a</c> (any), <c>c</c> or <c>b</c>; absent is <c>a</c>.</summary>
    public string? Type { get; init; }

    public long? Major { get; init; }

    public long? Minor { get; init; }

    /// <summary>Letters of <c>rwm</c>; absent is all three.</summary>
    public string? Access { get; init; }
}

/// <summary>Bytes; -1 is no limit. Swap is memory and swap together.</summary>
public sealed record MemoryResources
{
    public long? Limit { get; init; }

    public long? Reservation { get; init; }

    public long? Swap { get; init; }

    public long? Kernel { get; init; }

    [JsonPropertyName("kernelTCP")]
    public long? KernelTcp { get; init; }

    public ulong? Swappiness { get; init; }

    public bool? DisableOOMKiller { get; init; }

    public bool? UseHierarchy { get; init; }

    public bool? CheckBeforeUpdate { get; init; }
}

/// <summary>Quota, period and burst are microseconds.</summary>
public sealed record CpuResources
{
    public ulong? Shares { get; init; }

    public long? Quota { get; init; }

    public ulong? Burst { get; init; }

    public ulong? Period { get; init; }

    public long? RealtimeRuntime { get; init; }

    public ulong? RealtimePeriod { get; init; }

    public string? Cpus { get; init; }

    public string? Mems { get; init; }

    public long? Idle { get; init; }
}

public sealed record PidsResources
{
    /// <summary>0 or less is no limit.</summary>
    public long? Limit { get; init; }
}

public sealed record BlockIoResources
{
    public ushort? Weight { get; init; }

    public ushort? LeafWeight { get; init; }

    public IReadOnlyList<WeightDevice>? WeightDevice { get; init; }

    public IReadOnlyList<ThrottleDevice>? ThrottleReadBpsDevice { get; init; }

    public IReadOnlyList<ThrottleDevice>? ThrottleWriteBpsDevice { get; init; }

    [JsonPropertyName("throttleReadIOPSDevice")]
    public IReadOnlyList<ThrottleDevice>? ThrottleReadIopsDevice { get; init; }

    [JsonPropertyName("throttleWriteIOPSDevice")]
    public IReadOnlyList<ThrottleDevice>? ThrottleWriteIopsDevice { get; init; }
}

public sealed record WeightDevice
{
    public long Major { get; init; }

    public long Minor { get; init; }

    public ushort? Weight { get; init; }

    public ushort? LeafWeight { get; init; }
}

public sealed record ThrottleDevice
{
    public long Major { get; init; }

    public long Minor { get; init; }

    public ulong Rate { get; init; }
}

public sealed record HugepageLimit
{
    public string PageSize { get; init; } = "";

    public ulong Limit { get; init; }
}

public sealed record NetworkResources
{
    public uint? ClassID { get; init; }

    public IReadOnlyList<InterfacePriority>? Priorities { get; init; }
}

public sealed record InterfacePriority
{
    public string Name { get; init; } = "";

    public uint Priority { get; init; }
}

public sealed record RdmaLimit
{
    public uint? HcaHandles { get; init; }

    public uint? HcaObjects { get; init; }
}
