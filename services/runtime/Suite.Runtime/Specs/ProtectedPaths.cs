namespace Suite.Runtime.Specs;

/// <summary>
/// What of /proc and /sys a container does not see, or does not write: the kernel keeps no namespace for these. The set is
/// the one that Docker and containerd agree on, so that a program meets nothing new here.
/// </summary>
internal static class ProtectedPaths
{
    public static readonly IReadOnlyList<string> Masked =
    [
        "/proc/acpi", "/proc/asound", "/proc/interrupts", "/proc/kcore", "/proc/keys", "/proc/latency_stats", "/proc/sched_debug",
        "/proc/scsi", "/proc/timer_list", "/proc/timer_stats", "/sys/devices/virtual/powercap", "/sys/firmware",
    ];

    public static readonly IReadOnlyList<string> ReadOnly =
    [
        "/proc/bus", "/proc/fs", "/proc/irq", "/proc/sys", "/proc/sysrq-trigger",
    ];
}
