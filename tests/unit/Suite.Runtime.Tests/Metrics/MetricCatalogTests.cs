using Suite.Runtime.Mapping;
using Suite.Runtime.Metrics;

namespace Suite.Runtime.Tests.Metrics;

public sealed class MetricCatalogTests
{
    /// <summary>What critest of Kubernetes 1.37 looks for (cri-tools pkg/validate/pod.go).</summary>
    private static readonly string[] Expected =
    [
        "blkio_device_usage_total", "cpu_cfs_periods_total", "cpu_cfs_throttled_periods_total", "cpu_cfs_throttled_seconds_total", "cpu_system_seconds_total",
        "cpu_usage_seconds_total", "cpu_user_seconds_total", "file_descriptors", "fs_inodes_free", "fs_inodes_total", "fs_limit_bytes", "fs_reads_bytes_total",
        "fs_reads_total", "fs_usage_bytes", "fs_writes_bytes_total", "fs_writes_total", "hugetlb_max_usage_bytes", "hugetlb_usage_bytes", "last_seen",
        "memory_cache", "memory_failcnt", "memory_failures_total", "memory_kernel_usage", "memory_mapped_file", "memory_max_usage_bytes", "memory_rss",
        "memory_swap", "memory_usage_bytes", "memory_working_set_bytes", "network_receive_bytes_total", "network_receive_errors_total",
        "network_receive_packets_dropped_total", "network_receive_packets_total", "network_transmit_bytes_total", "network_transmit_errors_total",
        "network_transmit_packets_dropped_total", "network_transmit_packets_total", "oom_events_total", "pressure_cpu_stalled_seconds_total",
        "pressure_cpu_waiting_seconds_total", "pressure_io_stalled_seconds_total", "pressure_io_waiting_seconds_total", "pressure_memory_stalled_seconds_total",
        "pressure_memory_waiting_seconds_total", "processes", "sockets", "spec_cpu_period", "spec_cpu_quota", "spec_cpu_shares", "spec_memory_limit_bytes",
        "spec_memory_reservation_limit_bytes", "spec_memory_swap_limit_bytes", "start_time_seconds", "threads", "threads_max", "ulimits_soft",
    ];

    [Fact]
    public void Every_name_of_cAdvisor_is_there_once() =>
        Assert.Equal(Expected.Select(name => "container_" + name), MetricMessages.Descriptors().Select(descriptor => descriptor.Name).Order(StringComparer.Ordinal));

    [Fact]
    public void Each_says_what_it_is_and_by_which_labels() => Assert.All(MetricMessages.Descriptors(), descriptor =>
    {
        Assert.NotEmpty(descriptor.Help);
        Assert.Equal(MetricFamily.CommonLabels, descriptor.LabelKeys.Take(6));
        Assert.Distinct(descriptor.LabelKeys);
    });

    [Fact]
    public void The_file_system_of_a_path_is_the_longest_mount_above_it()
    {
        const string Mounts =
            """
            20 1 8:1 / / rw - ext4 /dev/root rw
            21 20 8:2 / /var rw - ext4 /dev/vdb rw
            22 20 8:3 / /variant rw - ext4 /dev/vdc rw
            23 21 0:9 / /var/lib\040x rw - tmpfs tmpfs rw
            """;
        Assert.Equal("/dev/vdb", BlockDevices.SourceOf(Mounts, "/var/lib/suite"));
        Assert.Equal("/dev/root", BlockDevices.SourceOf(Mounts, "/va"));
        Assert.Equal("tmpfs", BlockDevices.SourceOf(Mounts, "/var/lib x/y"));
        Assert.Equal("", BlockDevices.SourceOf("", "/"));
    }
}
