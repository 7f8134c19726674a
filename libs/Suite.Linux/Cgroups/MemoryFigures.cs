namespace Suite.Linux.Cgroups;

/// <summary>Memory of a cgroup and those below it, in bytes where nothing else is said. 0 where the host has no such figure.</summary>
public readonly record struct MemoryFigures
{
    public ulong Usage { get; init; }

    /// <summary>Anonymous memory.</summary>
    public ulong Rss { get; init; }

    /// <summary>Contents of files.</summary>
    public ulong Cache { get; init; }

    /// <summary>That part of the cache that has not been used of late, and goes first.</summary>
    public ulong InactiveFile { get; init; }

    public ulong MappedFile { get; init; }

    public ulong Swap { get; init; }

    /// <summary>Null: no limit.</summary>
    public ulong? Limit { get; init; }

    /// <summary>Faults, since the cgroup was made.</summary>
    public ulong PageFaults { get; init; }

    public ulong MajorPageFaults { get; init; }

    /// <summary>What an eviction goes by: the usage less what could be dropped at once.</summary>
    public ulong WorkingSet => Usage > InactiveFile ? Usage - InactiveFile : 0;

    public static MemoryFigures Read(FigureReader reader, CgroupHost host, string path)
    {
        if (host.Find("memory") is not { } memory)
            return default;
        var directory = memory.PathOf(path);
        return memory.Unified
            ? FromUnified(reader.Read($"{directory}/memory.stat")) with
            {
                Usage = reader.Number($"{directory}/memory.current") ?? 0,
                Limit = reader.Limit($"{directory}/memory.max"),
                Swap = reader.Number($"{directory}/memory.swap.current") ?? 0,
            }
            : FromV1(reader.Read($"{directory}/memory.stat")) with
            {
                Usage = reader.Number($"{directory}/memory.usage_in_bytes") ?? 0,
                Limit = reader.Limit($"{directory}/memory.limit_in_bytes"),
            };
    }

    private static MemoryFigures FromUnified(ReadOnlySpan<byte> text)
    {
        var figures = new MemoryFigures();
        for (var lines = new FigureLines(text); lines.Next();)
        {
            if (lines.Name.SequenceEqual("anon"u8))
                figures = figures with { Rss = lines.Value };
            else if (lines.Name.SequenceEqual("file"u8))
                figures = figures with { Cache = lines.Value };
            else if (lines.Name.SequenceEqual("inactive_file"u8))
                figures = figures with { InactiveFile = lines.Value };
            else if (lines.Name.SequenceEqual("file_mapped"u8))
                figures = figures with { MappedFile = lines.Value };
            else if (lines.Name.SequenceEqual("pgfault"u8))
                figures = figures with { PageFaults = lines.Value };
            else if (lines.Name.SequenceEqual("pgmajfault"u8))
                figures = figures with { MajorPageFaults = lines.Value };
        }
        return figures;
    }

    // The names without total_ leave out the cgroups below.
    private static MemoryFigures FromV1(ReadOnlySpan<byte> text)
    {
        var figures = new MemoryFigures();
        for (var lines = new FigureLines(text); lines.Next();)
        {
            if (lines.Name.SequenceEqual("total_rss"u8))
                figures = figures with { Rss = lines.Value };
            else if (lines.Name.SequenceEqual("total_cache"u8))
                figures = figures with { Cache = lines.Value };
            else if (lines.Name.SequenceEqual("total_inactive_file"u8))
                figures = figures with { InactiveFile = lines.Value };
            else if (lines.Name.SequenceEqual("total_mapped_file"u8))
                figures = figures with { MappedFile = lines.Value };
            else if (lines.Name.SequenceEqual("total_swap"u8))
                figures = figures with { Swap = lines.Value };
            else if (lines.Name.SequenceEqual("total_pgfault"u8))
                figures = figures with { PageFaults = lines.Value };
            else if (lines.Name.SequenceEqual("total_pgmajfault"u8))
                figures = figures with { MajorPageFaults = lines.Value };
        }
        return figures;
    }
}
