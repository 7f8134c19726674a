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

    /// <summary>These limits with those that a later call says laid over them.</summary>
    public ContainerResources With(ContainerResources later) => this with
    {
        CpuPeriod = later.CpuPeriod != 0 ? later.CpuPeriod : CpuPeriod,
        CpuQuota = later.CpuQuota != 0 ? later.CpuQuota : CpuQuota,
        CpuShares = later.CpuShares != 0 ? later.CpuShares : CpuShares,
        MemoryBytes = later.MemoryBytes != 0 ? later.MemoryBytes : MemoryBytes,
        MemorySwapBytes = later.MemorySwapBytes != 0 ? later.MemorySwapBytes : MemorySwapBytes,
        PidsLimit = later.PidsLimit != 0 ? later.PidsLimit : PidsLimit,
        OomScoreAdjust = later.OomScoreAdjust is null or 0 ? OomScoreAdjust : later.OomScoreAdjust,
        CpusetCpus = later.CpusetCpus.Length != 0 ? later.CpusetCpus : CpusetCpus,
        CpusetMems = later.CpusetMems.Length != 0 ? later.CpusetMems : CpusetMems,
        Hugepages = later.Hugepages.Count != 0 ? later.Hugepages : Hugepages,
        Unified = later.Unified.Count != 0 ? later.Unified : Unified,
    };
}

/// <summary>Bytes of huge pages of one size ("2MB").</summary>
internal sealed record HugepageLimit(string PageSize, ulong Bytes);
