using Suite.Runtime.Pods;

namespace Suite.Runtime.Containers;

/// <summary>Limits as CRI counts them. 0 is "not said", except for the score, where null is.</summary>
internal sealed record ContainerResources
{
    public static readonly ContainerResources None = new();

    /// <summary>Microseconds.</summary>
    public long CpuPeriod { get; init; }

    /// <summary>Microseconds of processor time in each period; negative: no limit.</summary>
    public long CpuQuota { get; init; }

    public long CpuShares { get; init; }

    public long MemoryBytes { get; init; }

    /// <summary>Memory and swap together.</summary>
    public long MemorySwapBytes { get; init; }

    public long PidsLimit { get; init; }

    public long? OomScoreAdjust { get; init; }

    public string CpusetCpus { get; init; } = "";

    public string CpusetMems { get; init; } = "";

    public IReadOnlyList<HugepageLimit> Hugepages { get; init; } = [];

    /// <summary>Files of cgroup v2 and what to write to them.</summary>
    public IReadOnlyDictionary<string, string> Unified { get; init; } = NoLabels.Instance;

    /// <summary>These, with what is said in others in its place.</summary>
    public ContainerResources With(ContainerResources others) => new()
    {
        CpuPeriod = Said(others.CpuPeriod, CpuPeriod),
        CpuQuota = Said(others.CpuQuota, CpuQuota),
        CpuShares = Said(others.CpuShares, CpuShares),
        MemoryBytes = Said(others.MemoryBytes, MemoryBytes),
        MemorySwapBytes = Said(others.MemorySwapBytes, MemorySwapBytes),
        PidsLimit = Said(others.PidsLimit, PidsLimit),
        // The score belongs to a process, and is set when it starts.
        OomScoreAdjust = OomScoreAdjust,
        CpusetCpus = others.CpusetCpus.Length > 0 ? others.CpusetCpus : CpusetCpus,
        CpusetMems = others.CpusetMems.Length > 0 ? others.CpusetMems : CpusetMems,
        Hugepages = [.. others.Hugepages, .. Hugepages.ExceptBy(others.Hugepages.Select(limit => limit.PageSize), limit => limit.PageSize)],
        Unified = others.Unified.Count == 0 ? Unified : Unified.Concat(others.Unified).GroupBy(pair => pair.Key).ToDictionary(group => group.Key, group => group.Last().Value),
    };

    private static long Said(long value, long otherwise) => value != 0 ? value : otherwise;
}

/// <summary>Bytes of huge pages of one size ("2MB").</summary>
internal sealed record HugepageLimit(string PageSize, ulong Bytes);
