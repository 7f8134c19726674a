using System.Globalization;
using Suite.Linux.Cgroups;
using Family = Suite.Runtime.Metrics.MetricFamily<Suite.Runtime.Metrics.ContainerFigures>;

namespace Suite.Runtime.Metrics;

internal static class DiskMetrics
{
    public static readonly IReadOnlyList<Family> Families =
    [
        OfSpace("container_fs_usage_bytes", "What the container wrote over its image, in bytes", figures => figures.Sample.Layer?.Bytes),
        OfSpace("container_fs_limit_bytes", "Size of the file system that the container writes to, in bytes", figures => figures.Space.Bytes),
        OfSpace("container_fs_inodes_total", "Inodes of the file system that the container writes to", figures => figures.Space.Inodes),
        OfSpace("container_fs_inodes_free", "Free inodes of the file system that the container writes to", figures => figures.Space.FreeInodes),
        OfDevices("container_fs_reads_bytes_total", "Read from the device, in bytes", device => device.ReadBytes),
        OfDevices("container_fs_reads_total", "Reads from the device", device => device.Reads),
        OfDevices("container_fs_writes_bytes_total", "Written to the device, in bytes", device => device.WrittenBytes),
        OfDevices("container_fs_writes_total", "Writes to the device", device => device.Writes),
        new("container_blkio_device_usage_total", "Carried to and from the device, in bytes", MetricKind.Counter, ["device", "major", "minor", "operation"],
            figures => figures.Devices.SelectMany<BlockFigures, MetricValue>(device =>
            [
                new(device.ReadBytes, [.. Names(device), "Read"]),
                new(device.WrittenBytes, [.. Names(device), "Write"]),
            ])),
    ];

    private static Family OfSpace(string name, string help, Func<ContainerFigures, ulong?> value) =>
        new(name, help, MetricKind.Gauge, ["device"], figures => value(figures) is { } found ? [new MetricValue(found, figures.SpaceDevice)] : []);

    private static Family OfDevices(string name, string help, Func<BlockFigures, ulong> value) =>
        new(name, help, MetricKind.Counter, ["device"], figures => figures.Devices.Select(device => new MetricValue(value(device), BlockDevices.NameOf(device.Major, device.Minor))));

    private static IEnumerable<string> Names(BlockFigures device) =>
    [
        BlockDevices.NameOf(device.Major, device.Minor),
        device.Major.ToString(CultureInfo.InvariantCulture),
        device.Minor.ToString(CultureInfo.InvariantCulture),
    ];
}
