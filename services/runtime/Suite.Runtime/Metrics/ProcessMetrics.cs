using Family = Suite.Runtime.Metrics.MetricFamily<Suite.Runtime.Metrics.ContainerFigures>;

namespace Suite.Runtime.Metrics;

/// <summary>Processes, and what a container was given when it was made.</summary>
internal static class ProcessMetrics
{
    private const long Second = 1_000_000_000;

    public static readonly IReadOnlyList<Family> Families =
    [
        Family.Gauge("container_processes", "Processes", figures => figures.Processes.Processes),
        Family.Gauge("container_threads", "Threads", figures => figures.Usage.Tasks),
        Family.Gauge("container_threads_max", "The most threads allowed; 0: no limit", figures => figures.TaskLimit ?? 0),
        Family.Gauge("container_file_descriptors", "Open files and sockets", figures => figures.Processes.Descriptors),
        Family.Gauge("container_sockets", "Open sockets", figures => figures.Processes.Sockets),
        new("container_ulimits_soft", "Soft limit of the first process", MetricKind.Gauge, ["ulimit"],
            figures => figures.Processes.DescriptorLimit is { } limit ? [new MetricValue(limit, "max_open_files")] : []),
        Family.Gauge("container_last_seen", "When the figures were read, in seconds since the epoch", figures => (ulong)(figures.Sample.At / Second)),
        Family.Gauge("container_start_time_seconds", "When the container was started, in seconds since the epoch", figures => (ulong)(figures.Sample.Container.StartedAt / Second)),
        Family.Gauge("container_spec_cpu_period", "Period of the CPU quota, in microseconds", figures => Given(figures.Sample.Container.Config.Resources.CpuPeriod) ?? 100_000),
        Family.Gauge("container_spec_cpu_quota", "CPU time in each period, in microseconds; absent without a quota", figures => Given(figures.Sample.Container.Config.Resources.CpuQuota)),
        Family.Gauge("container_spec_cpu_shares", "Share of the CPU beside others", figures => Given(figures.Sample.Container.Config.Resources.CpuShares) ?? 1024),
        Family.Gauge("container_spec_memory_limit_bytes", "Memory limit; 0: none", figures => figures.Usage.Memory.Limit ?? 0),
        Family.Gauge("container_spec_memory_swap_limit_bytes", "Limit of memory and swap together; 0: none", figures => Given(figures.Sample.Container.Config.Resources.MemorySwapBytes) ?? 0),
        Family.Gauge("container_spec_memory_reservation_limit_bytes", "Memory that is kept for the container; 0: none", _ => 0),
    ];

    private static ulong? Given(long value) => value > 0 ? (ulong)value : null;
}
