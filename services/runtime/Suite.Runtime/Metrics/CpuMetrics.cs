using Family = Suite.Runtime.Metrics.MetricFamily<Suite.Runtime.Metrics.ContainerFigures>;

namespace Suite.Runtime.Metrics;

internal static class CpuMetrics
{
    private const ulong Second = 1_000_000_000;

    public static readonly IReadOnlyList<Family> Families =
    [
        new("container_cpu_usage_seconds_total", "CPU time used, in seconds, over all CPUs", MetricKind.Counter, ["cpu"],
            figures => [new MetricValue(figures.Usage.Cpu.UsageNanoseconds / Second, "total")]),
        Family.Counter("container_cpu_user_seconds_total", "CPU time used in user mode, in seconds", figures => figures.Usage.Cpu.UserNanoseconds / Second),
        Family.Counter("container_cpu_system_seconds_total", "CPU time used in the kernel, in seconds", figures => figures.Usage.Cpu.SystemNanoseconds / Second),
        Family.Counter("container_cpu_cfs_periods_total", "Periods of the CPU quota that went by", figures => figures.Usage.Cpu.Periods),
        Family.Counter("container_cpu_cfs_throttled_periods_total", "Periods in which the CPU quota was used up", figures => figures.Usage.Cpu.ThrottledPeriods),
        Family.Counter("container_cpu_cfs_throttled_seconds_total", "Time for which the CPU quota held the container back, in seconds",
            figures => figures.Usage.Cpu.ThrottledNanoseconds / Second),
        Family.Counter("container_pressure_cpu_stalled_seconds_total", "Time in which no task had a CPU that it waited for, in seconds",
            figures => figures.Usage.CpuPressure?.Full.TotalNanoseconds / Second),
        Family.Counter("container_pressure_cpu_waiting_seconds_total", "Time in which some task waited for a CPU, in seconds",
            figures => figures.Usage.CpuPressure?.Some.TotalNanoseconds / Second),
        Family.Counter("container_pressure_io_stalled_seconds_total", "Time in which all tasks waited for input or output, in seconds",
            figures => figures.Usage.IoPressure?.Full.TotalNanoseconds / Second),
        Family.Counter("container_pressure_io_waiting_seconds_total", "Time in which some task waited for input or output, in seconds",
            figures => figures.Usage.IoPressure?.Some.TotalNanoseconds / Second),
        Family.Counter("container_pressure_memory_stalled_seconds_total", "Time in which all tasks waited for memory, in seconds",
            figures => figures.Usage.MemoryPressure?.Full.TotalNanoseconds / Second),
        Family.Counter("container_pressure_memory_waiting_seconds_total", "Time in which some task waited for memory, in seconds",
            figures => figures.Usage.MemoryPressure?.Some.TotalNanoseconds / Second),
    ];
}
