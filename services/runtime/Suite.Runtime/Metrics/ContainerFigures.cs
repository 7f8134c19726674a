using Suite.Linux.Cgroups;
using Suite.Linux.Files;
using Suite.Linux.Processes;
using Suite.Runtime.Statistics;

namespace Suite.Runtime.Metrics;

/// <summary>All that a container's metrics follow from: its sample, and what only metrics ask for.</summary>
internal sealed record ContainerFigures
{
    public required ContainerSample Sample { get; init; }

    public required UsageSample Usage { get; init; }

    public required MemoryLimitFigures MemoryLimits { get; init; }

    public required ProcessFigures Processes { get; init; }

    public required IReadOnlyList<BlockFigures> Devices { get; init; }

    public required IReadOnlyList<HugepageFigures> Hugepages { get; init; }

    /// <summary>pids.max; null: no limit.</summary>
    public ulong? TaskLimit { get; init; }

    /// <summary>Of the file system with the writable layers.</summary>
    public required FilesystemSpace Space { get; init; }

    /// <summary>The device of that file system; empty when it has none.</summary>
    public required string SpaceDevice { get; init; }
}
