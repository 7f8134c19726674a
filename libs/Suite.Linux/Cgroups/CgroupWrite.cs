using System.Globalization;
using Suite.Linux.Errors;

namespace Suite.Linux.Cgroups;

/// <summary>One text that goes into one file of a cgroup.</summary>
/// <param name="Instead">What to write where there is no such file: kernels differ in what a scheduler of block devices calls its weight.</param>
public readonly record struct CgroupWrite(string Controller, string File, string Text, (string File, string Text)? Instead = null)
{
    /// <summary>Limits as the files of this host want them, in an order that the kernel accepts.</summary>
    /// <exception cref="SuiteException">Unsupported: a limit is asked for whose controller the host lacks.</exception>
    public static IReadOnlyList<CgroupWrite> For(CgroupLimits limits, CgroupHost host)
    {
        var writes = new CgroupWrites(host);
        MemoryFiles.Add(writes, limits);
        CpuFiles.Add(writes, limits);
        if (limits.Pids is { } pids)
            writes.Add("pids", "a limit of processes", "pids.max", pids < 0 ? "max" : CgroupWrites.Number(pids));
        BlockFiles.Add(writes, limits);
        NetworkFiles.Add(writes, limits);
        foreach (var page in limits.HugePages)
            AddHugePages(writes, page);
        foreach (var line in limits.Rdma)
            writes.Add("rdma", "a limit of RDMA", "rdma.max", line);

        // On v2 devices are an eBPF program's business (cgroup-v2.rst, "Device controller"), not a file's.
        if (host.Find("devices") is not null)
        {
            foreach (var rule in limits.DeviceRules)
            {
                var space = rule.IndexOf(' ', StringComparison.Ordinal);
                writes.Add("devices", "rules about devices", $"devices.{rule[..space]}", rule[(space + 1)..]);
            }
        }

        foreach (var line in limits.Unified)
            writes.AddUnified(line);
        return writes.All;
    }

    private static void AddHugePages(CgroupWrites writes, NamedLimit page)
    {
        var unified = writes.Need("hugetlb", "a limit of huge pages");
        var (limit, reserved) = unified ? ("max", "rsvd.max") : ("limit_in_bytes", "rsvd.limit_in_bytes");
        writes.Add("hugetlb", $"hugetlb.{page.Name}.{limit}", page.Value.ToString(CultureInfo.InvariantCulture));
        // Reservations are limited as well (5.7): a process that reserves and then faults would be killed instead of refused.
        writes.Add("hugetlb", $"hugetlb.{page.Name}.{reserved}", page.Value.ToString(CultureInfo.InvariantCulture), optional: true);
    }
}
