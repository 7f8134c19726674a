using System.Globalization;
using Suite.Linux.Handles;

namespace Suite.Linux.Cgroups;

/// <summary>What a cgroup uses at one moment. 0 where the host has no such controller.</summary>
public readonly record struct CgroupUsage(ulong CpuNanoseconds, ulong MemoryBytes, ulong WorkingSetBytes, ulong MemoryLimitBytes, ulong Processes)
{
    public static CgroupUsage Read(CgroupHost host, string path)
    {
        var usage = new CgroupUsage();
        if (host.Find("memory") is { } memory)
        {
            var directory = memory.PathOf(path);
            var used = Number($"{directory}/{(memory.Unified ? "memory.current" : "memory.usage_in_bytes")}");
            var inactive = (ulong)Cgroup.Figure(
                Descriptor.TryReadText($"{directory}/memory.stat"), memory.Unified ? "inactive_file" : "total_inactive_file");
            var limit = Number($"{directory}/{(memory.Unified ? "memory.max" : "memory.limit_in_bytes")}");
            // v1 says "no limit" with the largest multiple of a page.
            usage = usage with { MemoryBytes = used, WorkingSetBytes = used > inactive ? used - inactive : 0, MemoryLimitBytes = limit > long.MaxValue - 65_536 ? 0 : limit };
        }

        if (host.Find("cpuacct") is { } cpuacct)
            usage = usage with { CpuNanoseconds = Number($"{cpuacct.PathOf(path)}/cpuacct.usage") };
        else if (host.Unified is { } unified)
            usage = usage with { CpuNanoseconds = (ulong)Cgroup.Figure(Descriptor.TryReadText($"{unified.PathOf(path)}/cpu.stat"), "usage_usec") * 1000 };
        if (host.Find("pids") is { } pids)
            usage = usage with { Processes = Number($"{pids.PathOf(path)}/pids.current") };
        return usage;
    }

    private static ulong Number(string file) =>
        ulong.TryParse((Descriptor.TryReadText(file) ?? "").AsSpan().Trim(), NumberStyles.None, CultureInfo.InvariantCulture, out var value) ? value : 0;
}
