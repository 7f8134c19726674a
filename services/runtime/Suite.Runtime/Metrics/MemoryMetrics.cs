using Family = Suite.Runtime.Metrics.MetricFamily<Suite.Runtime.Metrics.ContainerFigures>;

namespace Suite.Runtime.Metrics;

internal static class MemoryMetrics
{
    public static readonly IReadOnlyList<Family> Families =
    [
        Family.Gauge("container_memory_usage_bytes", "Memory in use, the cache of files included", figures => figures.Usage.Memory.Usage),
        Family.Gauge("container_memory_working_set_bytes", "Memory in use, without the cache of files not used of late", figures => figures.Usage.Memory.WorkingSet),
        Family.Gauge("container_memory_rss", "Anonymous memory, in bytes", figures => figures.Usage.Memory.Rss),
        Family.Gauge("container_memory_cache", "Cache of files, in bytes", figures => figures.Usage.Memory.Cache),
        Family.Gauge("container_memory_mapped_file", "Files mapped into memory, in bytes", figures => figures.Usage.Memory.MappedFile),
        Family.Gauge("container_memory_swap", "Memory in swap, in bytes", figures => figures.Usage.Memory.Swap),
        Family.Gauge("container_memory_kernel_usage", "Memory of the kernel for the container, in bytes", figures => figures.MemoryLimits.Kernel),
        Family.Gauge("container_memory_max_usage_bytes", "The most memory that was ever in use", figures => figures.MemoryLimits.Peak),
        Family.Counter("container_memory_failcnt", "How often the memory limit was reached", figures => figures.MemoryLimits.Failures),
        Family.Counter("container_oom_events_total", "Processes killed because the memory limit was reached", figures => figures.MemoryLimits.OomKills),
        // cgroups that a container makes for itself are part of it: what it did and what its hierarchy did is one figure.
        new("container_memory_failures_total", "Page faults", MetricKind.Counter, ["failure_type", "scope"], figures =>
        [
            new(figures.Usage.Memory.PageFaults, "pgfault", "container"),
            new(figures.Usage.Memory.MajorPageFaults, "pgmajfault", "container"),
            new(figures.Usage.Memory.PageFaults, "pgfault", "hierarchy"),
            new(figures.Usage.Memory.MajorPageFaults, "pgmajfault", "hierarchy"),
        ]),
        new("container_hugetlb_usage_bytes", "Huge pages in use, in bytes", MetricKind.Gauge, ["pagesize"],
            figures => figures.Hugepages.Select(pages => new MetricValue(pages.UsedBytes, pages.PageSize))),
        new("container_hugetlb_max_usage_bytes", "The most huge pages that were ever in use, in bytes", MetricKind.Gauge, ["pagesize"],
            figures => figures.Hugepages.Where(pages => pages.PeakBytes is not null).Select(pages => new MetricValue(pages.PeakBytes!.Value, pages.PageSize))),
    ];
}
