namespace Suite.Runtime.Metrics;

internal enum MetricKind
{
    Counter,
    Gauge,
}

/// <summary>One measured value.</summary>
/// <param name="Labels">For the keys of its family that are beyond <see cref="MetricFamily.CommonLabels"/>.</param>
internal readonly record struct MetricValue(ulong Value, params IReadOnlyList<string> Labels);

/// <summary>A metric as cAdvisor named it, and how it follows from what was read.</summary>
/// <param name="Source">What it is read from: a pod's network, or a container.</param>
internal sealed record MetricFamily<TSource>(
    string Name, string Help, MetricKind Kind, IReadOnlyList<string> FurtherLabels, Func<TSource, IEnumerable<MetricValue>> Values)
{
    public static MetricFamily<TSource> Counter(string name, string help, Func<TSource, ulong?> value) => One(MetricKind.Counter, name, help, value);

    public static MetricFamily<TSource> Gauge(string name, string help, Func<TSource, ulong?> value) => One(MetricKind.Gauge, name, help, value);

    private static MetricFamily<TSource> One(MetricKind kind, string name, string help, Func<TSource, ulong?> value) =>
        new(name, help, kind, [], source => value(source) is { } found ? [new MetricValue(found)] : []);
}

/// <summary>What every family has in common.</summary>
internal static class MetricFamily
{
    /// <summary>cAdvisor's, in the order in which each metric has their values: of every dashboard that exists.</summary>
    public static readonly IReadOnlyList<string> CommonLabels = ["id", "name", "image", "namespace", "pod", "container"];
}
