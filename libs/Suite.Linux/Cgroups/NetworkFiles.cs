using System.Globalization;

namespace Suite.Linux.Cgroups;

/// <summary>Marks on packets, which v1 alone has; on v2 nftables can match the cgroup itself.</summary>
internal static class NetworkFiles
{
    public static void Add(CgroupWrites writes, CgroupLimits limits)
    {
        if (limits.NetworkClass is { } number)
        {
            writes.NeedV1("net_cls", "a class for packets");
            writes.Add("net_cls", "net_cls.classid", CgroupWrites.Number(number));
        }

        foreach (var priority in limits.NetworkPriorities)
        {
            writes.NeedV1("net_prio", "a priority for packets");
            writes.Add("net_prio", "net_prio.ifpriomap", string.Create(CultureInfo.InvariantCulture, $"{priority.Name} {priority.Value}"));
        }
    }
}
