namespace Suite.Linux.Cgroups;

/// <summary>How a cgroup fared with its memory limit since it was made; and what of it the kernel uses for the cgroup's sake.</summary>
public readonly record struct MemoryLimitFigures
{
    /// <summary>Bytes, the most that was ever in use.</summary>
    public ulong Peak { get; init; }

    /// <summary>How often the limit was reached.</summary>
    public ulong Failures { get; init; }

    public ulong OomKills { get; init; }

    /// <summary>Bytes.</summary>
    public ulong Kernel { get; init; }

    public static MemoryLimitFigures Read(FigureReader reader, CgroupHost host, string path)
    {
        if (host.Find("memory") is not { } memory)
            return default;
        var directory = memory.PathOf(path);
        return memory.Unified
            ? new MemoryLimitFigures
            {
                Peak = reader.Number($"{directory}/memory.peak") ?? 0,
                Failures = Of(reader.Read($"{directory}/memory.events"), "max"u8),
                OomKills = Of(reader.Read($"{directory}/memory.events"), "oom_kill"u8),
                Kernel = Of(reader.Read($"{directory}/memory.stat"), "kernel"u8),
            }
            : new MemoryLimitFigures
            {
                Peak = reader.Number($"{directory}/memory.max_usage_in_bytes") ?? 0,
                Failures = reader.Number($"{directory}/memory.failcnt") ?? 0,
                OomKills = Of(reader.Read($"{directory}/memory.oom_control"), "oom_kill"u8),
                Kernel = reader.Number($"{directory}/memory.kmem.usage_in_bytes") ?? 0,
            };
    }

    private static ulong Of(ReadOnlySpan<byte> text, ReadOnlySpan<byte> name)
    {
        for (var lines = new FigureLines(text); lines.Next();)
        {
            if (lines.Name.SequenceEqual(name))
                return lines.Value;
        }
        return 0;
    }
}
