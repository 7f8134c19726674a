namespace Suite.Runtime.Metrics;

/// <summary>Every metric there is.</summary>
internal static class MetricCatalog
{
    public static readonly IReadOnlyList<MetricFamily<ContainerFigures>> OfContainers =
        [.. CpuMetrics.Families, .. MemoryMetrics.Families, .. DiskMetrics.Families, .. ProcessMetrics.Families];

    public static readonly IReadOnlyList<MetricFamily<Statistics.PodSample>> OfPods = NetworkMetrics.Families;
}
