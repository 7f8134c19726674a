using Suite.Linux.Cgroups;
using Suite.Runtime.Containers;

namespace Suite.Runtime.Statistics;

/// <summary>What a container uses at one moment.</summary>
internal sealed record ContainerSample
{
    public required ContainerRecord Container { get; init; }

    /// <summary>Nanoseconds since the epoch, right before the figures were read.</summary>
    public required long At { get; init; }

    /// <summary>Null when the container does not run.</summary>
    public UsageSample? Usage { get; init; }

    /// <summary>Null when nobody could tell.</summary>
    public LayerUsage? Layer { get; init; }
}

/// <summary>What a cgroup uses, and those below it.</summary>
internal sealed record UsageSample
{
    public required CpuFigures Cpu { get; init; }

    /// <summary>CPU time a second, in nanoseconds, since the look before this one; null at the first.</summary>
    public ulong? CpuRate { get; init; }

    public required MemoryFigures Memory { get; init; }

    /// <summary>Null where the kernel counts no pressure.</summary>
    public Pressure? CpuPressure { get; init; }

    public Pressure? MemoryPressure { get; init; }

    public Pressure? IoPressure { get; init; }

    /// <summary>Processes and threads.</summary>
    public ulong Tasks { get; init; }
}

/// <summary>What a container wrote over its image.</summary>
/// <param name="At">Nanoseconds since the epoch: when it was measured, which is not done at every look.</param>
internal sealed record LayerUsage(ulong Bytes, ulong Inodes, long At);
