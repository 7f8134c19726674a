using System.Globalization;
using System.Text;

namespace Suite.Linux.Cgroups;

/// <summary>The limits that the kernel keeps for a cgroup now, whoever wrote them. Null: no limit, or no such controller.</summary>
public static class LimitsInForce
{
    public static CgroupLimits Read(FigureReader reader, CgroupHost host, string path)
    {
        var (quota, period) = Cpu(reader, host, path);
        var (memory, both) = Memory(reader, host, path);
        return new CgroupLimits
        {
            MemoryBytes = memory,
            MemoryAndSwapBytes = both,
            CpuShares = host.Find("cpu") is { } cpu ? (long?)reader.Number($"{cpu.PathOf(path)}/{(cpu.Unified ? "cpu.weight" : "cpu.shares")}") : null,
            CpuQuota = quota,
            CpuPeriod = period,
            Cpus = Set(reader, host, path, "cpuset.cpus"),
            MemoryNodes = Set(reader, host, path, "cpuset.mems"),
            Pids = host.Find("pids") is { } pids ? (long?)reader.Number($"{pids.PathOf(path)}/pids.max") : null,
        };
    }

    /// <summary>Whether what is in force is what these shares become: on v2 several share one weight.</summary>
    /// <param name="inForce"><see cref="CgroupLimits.CpuShares"/> as <see cref="Read"/> gave it.</param>
    public static bool AreShares(CgroupHost host, long shares, long inForce) =>
        host.Find("cpu") is { Unified: true } ? CpuFiles.WeightOf(shares) == inForce : shares == inForce;

    private static (long? Quota, long? Period) Cpu(FigureReader reader, CgroupHost host, string path)
    {
        if (host.Find("cpu") is not { } cpu)
            return default;
        var directory = cpu.PathOf(path);
        var words = Encoding.ASCII.GetString(reader.Read($"{directory}/{(cpu.Unified ? "cpu.max" : "cpu.cfs_quota_us")}")).TrimEnd().Split(' ');
        // "max" on v2, -1 on v1: no quota.
        long? quota = long.TryParse(words[0], NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var value) && value > 0 ? value : null;
        var period = cpu.Unified
            ? words.Length > 1 && long.TryParse(words[1], NumberStyles.None, CultureInfo.InvariantCulture, out var second) ? second : null
            : (long?)reader.Number($"{directory}/cpu.cfs_period_us");
        return (quota, period);
    }

    private static (long? Memory, long? Both) Memory(FigureReader reader, CgroupHost host, string path)
    {
        if (host.Find("memory") is not { } memory)
            return default;
        var directory = memory.PathOf(path);
        if (!memory.Unified)
            return ((long?)reader.Limit($"{directory}/memory.limit_in_bytes"), (long?)reader.Limit($"{directory}/memory.memsw.limit_in_bytes"));
        var limit = (long?)reader.Limit($"{directory}/memory.max");
        return (limit, limit + (long?)reader.Limit($"{directory}/memory.swap.max"));
    }

    private static string? Set(FigureReader reader, CgroupHost host, string path, string file) =>
        host.Find("cpuset") is { } cpuset && Encoding.ASCII.GetString(reader.Read($"{cpuset.PathOf(path)}/{file}")).Trim() is { Length: > 0 } set ? set : null;
}
