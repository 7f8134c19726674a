namespace Suite.Linux.Cgroups;

/// <summary>Huge pages of one size in a cgroup. The v2 tree does not keep the most that was ever in use: null.</summary>
/// <param name="PageSize">As the kernel names it: "2MB".</param>
public readonly record struct HugepageFigures(string PageSize, ulong UsedBytes, ulong? PeakBytes)
{
    public static IReadOnlyList<HugepageFigures> Read(FigureReader reader, CgroupHost host, string path)
    {
        if (host.Find("hugetlb") is not { } hugetlb)
            return [];
        var directory = hugetlb.PathOf(path);
        var figures = new List<HugepageFigures>();
        foreach (var size in Sizes)
        {
            if (reader.Number($"{directory}/hugetlb.{size}.{(hugetlb.Unified ? "current" : "usage_in_bytes")}") is { } used)
                figures.Add(new(size, used, hugetlb.Unified ? null : reader.Number($"{directory}/hugetlb.{size}.max_usage_in_bytes")));
        }
        return figures;
    }

    /// <summary>Those of the running kernel: /sys/kernel/mm/hugepages/hugepages-2048kB is "2MB".</summary>
    public static IReadOnlyList<string> Sizes { get; } = Directory.Exists("/sys/kernel/mm/hugepages")
        ? [.. Directory.GetDirectories("/sys/kernel/mm/hugepages").Select(NameOf).Order(StringComparer.Ordinal)]
        : [];

    private static string NameOf(string folder)
    {
        var kilobytes = long.Parse(Path.GetFileName(folder)["hugepages-".Length..^2], System.Globalization.CultureInfo.InvariantCulture);
        return kilobytes >= 1 << 20 ? $"{kilobytes >> 20}GB" : kilobytes >= 1 << 10 ? $"{kilobytes >> 10}MB" : $"{kilobytes}KB";
    }
}
