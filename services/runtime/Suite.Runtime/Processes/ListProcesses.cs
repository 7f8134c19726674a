using System.Globalization;
using Suite.Linux.Cgroups;
using Suite.Linux.Errors;
using Suite.Linux.Handles;
using Suite.Runtime.Containers;
using Suite.Runtime.Pods;
using Suite.Runtime.Store;

namespace Suite.Runtime.Processes;

/// <summary>A process of a container, as the host sees it (proc_pid_stat(5)).</summary>
internal sealed record ProcessDescription
{
    public required int Pid { get; init; }

    public required int ParentPid { get; init; }

    public required uint User { get; init; }

    public required string State { get; init; }

    /// <summary>Nanoseconds since the epoch.</summary>
    public required long StartedAt { get; init; }

    public required ulong CpuNanoseconds { get; init; }

    public required ulong ResidentBytes { get; init; }

    public required string Terminal { get; init; }

    public required IReadOnlyList<string> Command { get; init; }
}

/// <summary>The processes of a container: those in its cgroup and below.</summary>
internal sealed class ListProcesses(Inventory inventory, PodPlaces places, CgroupHost host)
{
    // USER_HZ, which has been 100 for user space on every architecture since Linux 2.6.
    private const long NanosecondsPerTick = 10_000_000;
    private const int PtsMajorFirst = 136, PtsMajorLast = 143;

    public IReadOnlyList<ProcessDescription> Of(ContainerRecord container)
    {
        if (container.State != ContainerState.Running || !inventory.TryGetPod(container.PodId, out var pod))
            throw new SuiteException(ErrorKind.FailedPrecondition, $"cannot list the processes of container {container.Name}: it is {container.State.Word()}, and must be running");
        var hierarchy = host.Find("pids") ?? host.Unified ?? host.Hierarchies[0];
        var boot = BootTime();
        return [.. Pids(hierarchy.PathOf(places.CgroupOf(pod, container.Id))).Order().Select(pid => Read(pid, boot)).OfType<ProcessDescription>()];
    }

    private static IEnumerable<int> Pids(string directory)
    {
        var own = Descriptor.TryReadText($"{directory}/cgroup.procs") ?? "";
        foreach (var line in own.Split('\n', StringSplitOptions.RemoveEmptyEntries))
        {
            if (int.TryParse(line, NumberStyles.None, CultureInfo.InvariantCulture, out var pid) && pid > 0)
                yield return pid;
        }
        if (!Directory.Exists(directory))
            yield break;
        foreach (var below in Directory.EnumerateDirectories(directory))
        {
            foreach (var pid in Pids(below))
                yield return pid;
        }
    }

    /// <returns>Null: it has ended meanwhile.</returns>
    private static ProcessDescription? Read(int pid, long boot)
    {
        if (Descriptor.TryReadText($"/proc/{pid}/stat") is not { Length: > 0 } stat || Descriptor.TryReadText($"/proc/{pid}/status") is not { } status)
            return null;
        // The name, in parentheses, may hold spaces and parentheses itself.
        var name = stat[(stat.IndexOf('(') + 1)..stat.LastIndexOf(')')];
        var fields = stat[(stat.LastIndexOf(')') + 2)..].TrimEnd().Split(' ');
        var words = (Descriptor.TryReadText($"/proc/{pid}/cmdline") ?? "").TrimEnd('\0');
        return new ProcessDescription
        {
            Pid = pid,
            State = fields[0],
            ParentPid = (int)Number(fields[1]),
            Terminal = Terminal((int)Number(fields[4])),
            CpuNanoseconds = (ulong)((Number(fields[11]) + Number(fields[12])) * NanosecondsPerTick),
            StartedAt = boot + (Number(fields[19]) * NanosecondsPerTick),
            ResidentBytes = (ulong)(Number(fields[21]) * Environment.SystemPageSize),
            User = (uint)Number(Line(status, "Uid:")),
            Command = words.Length > 0 ? words.Split('\0') : [$"[{name}]"],
        };
    }

    private static string Terminal(int device)
    {
        var (major, minor) = ((device >> 8) & 0xfff, (device & 0xff) | ((device >> 12) & 0xfff00));
        return major is >= PtsMajorFirst and <= PtsMajorLast ? $"pts/{((major - PtsMajorFirst) << 8) + minor}" : "";
    }

    private static string Line(string text, string name)
    {
        var at = text.IndexOf($"\n{name}", StringComparison.Ordinal);
        return at < 0 ? "0" : text[(at + 1 + name.Length)..].Split('\n')[0].Trim().Split('\t', ' ')[0];
    }

    private static long BootTime() =>
        Number(Line(Descriptor.TryReadText("/proc/stat") ?? "", "btime")) * 1_000_000_000;

    private static long Number(string text) => long.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var number) ? number : 0;
}
