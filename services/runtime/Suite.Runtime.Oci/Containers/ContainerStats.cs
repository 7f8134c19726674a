using System.Globalization;
using System.Text.Json.Serialization;
using Suite.Linux.Cgroups;
using Suite.Linux.Handles;

namespace Suite.Runtime.Oci.Containers;

/// <summary>The figures of `events`, named as runc names them. Times are nanoseconds, sizes bytes.</summary>
internal sealed record ContainerStats(CpuStats Cpu, MemoryStats Memory, PidsStats Pids)
{
    public static ContainerStats Read(Container container)
    {
        var (host, path) = (container.Host, container.Record.CgroupPath);
        var usage = CgroupUsage.Read(host, path);
        var throttled = Text(host, "cpu", path, "cpu.stat");
        var pids = Text(host, "pids", path, "pids.max");
        return new ContainerStats(
            new CpuStats(
                new CpuUsage(usage.CpuNanoseconds),
                new CpuThrottling((ulong)Cgroup.Figure(throttled, "nr_periods"), (ulong)Cgroup.Figure(throttled, "nr_throttled"), ThrottledTime(throttled))),
            new MemoryStats(new MemoryUsage(usage.MemoryLimitBytes, usage.MemoryBytes), usage.MemoryBytes - usage.WorkingSetBytes),
            new PidsStats(usage.Processes, ulong.TryParse(pids, NumberStyles.None, CultureInfo.InvariantCulture, out var limit) ? limit : 0));
    }

    // v1 counts nanoseconds, v2 microseconds.
    private static ulong ThrottledTime(string statistics) =>
        Cgroup.Figure(statistics, "throttled_time") is var nanoseconds and > 0 ? (ulong)nanoseconds : (ulong)Cgroup.Figure(statistics, "throttled_usec") * 1000;

    private static string Text(CgroupHost host, string controller, string path, string file) =>
        host.Find(controller) is { } hierarchy ? (Descriptor.TryReadText($"{hierarchy.PathOf(path)}/{file}") ?? "").TrimEnd() : "";
}

internal sealed record CpuStats(CpuUsage Usage, CpuThrottling Throttling);

internal sealed record CpuUsage(ulong Total);

internal sealed record CpuThrottling(ulong Periods, ulong ThrottledPeriods, ulong ThrottledTime);

/// <param name="Cache">What the kernel would give back first.</param>
internal sealed record MemoryStats(MemoryUsage Usage, ulong Cache);

/// <param name="Limit">0: none.</param>
internal sealed record MemoryUsage(ulong Limit, ulong Usage);

internal sealed record PidsStats(ulong Current, ulong Limit);

internal sealed record StatsEvent(string Type, string Id, ContainerStats Data);

[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase)]
[JsonSerializable(typeof(StatsEvent))]
internal sealed partial class StatsJson : JsonSerializerContext;
