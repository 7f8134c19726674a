namespace Suite.Linux.Cgroups;

/// <summary>CPU time of a cgroup since it was made, and how often its quota held it back. 0 where the host has no such figure.</summary>
public readonly record struct CpuFigures
{
    public ulong UsageNanoseconds { get; init; }

    public ulong UserNanoseconds { get; init; }

    public ulong SystemNanoseconds { get; init; }

    /// <summary>Periods of the quota that went by, and those of them in which it was used up.</summary>
    public ulong Periods { get; init; }

    public ulong ThrottledPeriods { get; init; }

    public ulong ThrottledNanoseconds { get; init; }

    /// <summary>
    /// The v2 tree counts for each cgroup, whether or not it controls the CPU (cgroup-v2.rst, cpu.stat): on a hybrid host it has
    /// in one file, and by the microsecond, what v1 has in two, and by the hundredth of a second.
    /// </summary>
    public static CpuFigures Read(FigureReader reader, CgroupHost host, string path)
    {
        var figures = host.Unified is { } unified
            ? FromUnified(reader.Read($"{unified.PathOf(path)}/cpu.stat"))
            : FromCpuacct(reader, host, path);
        return host.Find("cpu") is { Unified: false } cpu ? figures.WithThrottling(reader.Read($"{cpu.PathOf(path)}/cpu.stat")) : figures;
    }

    private static CpuFigures FromUnified(ReadOnlySpan<byte> text)
    {
        var figures = new CpuFigures();
        for (var lines = new FigureLines(text); lines.Next();)
        {
            if (lines.Name.SequenceEqual("usage_usec"u8))
                figures = figures with { UsageNanoseconds = lines.Value * 1000 };
            else if (lines.Name.SequenceEqual("user_usec"u8))
                figures = figures with { UserNanoseconds = lines.Value * 1000 };
            else if (lines.Name.SequenceEqual("system_usec"u8))
                figures = figures with { SystemNanoseconds = lines.Value * 1000 };
        }
        return figures.WithThrottling(text);
    }

    private static CpuFigures FromCpuacct(FigureReader reader, CgroupHost host, string path)
    {
        if (host.Find("cpuacct")?.PathOf(path) is not { } directory)
            return default;
        return new CpuFigures
        {
            UsageNanoseconds = reader.Number($"{directory}/cpuacct.usage") ?? 0,
            UserNanoseconds = reader.Number($"{directory}/cpuacct.usage_user") ?? 0,
            SystemNanoseconds = reader.Number($"{directory}/cpuacct.usage_sys") ?? 0,
        };
    }

    private CpuFigures WithThrottling(ReadOnlySpan<byte> text)
    {
        var figures = this;
        for (var lines = new FigureLines(text); lines.Next();)
        {
            if (lines.Name.SequenceEqual("nr_periods"u8))
                figures = figures with { Periods = lines.Value };
            else if (lines.Name.SequenceEqual("nr_throttled"u8))
                figures = figures with { ThrottledPeriods = lines.Value };
            else if (lines.Name.SequenceEqual("throttled_usec"u8))
                figures = figures with { ThrottledNanoseconds = lines.Value * 1000 };
            else if (lines.Name.SequenceEqual("throttled_time"u8))
                figures = figures with { ThrottledNanoseconds = lines.Value };
        }
        return figures;
    }
}
