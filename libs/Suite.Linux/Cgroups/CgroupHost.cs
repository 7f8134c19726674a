using Suite.Linux.Handles;

namespace Suite.Linux.Cgroups;

/// <summary>
/// The cgroup trees of this host. v1: a tree for each controller or a few; v2: one tree; hybrid: v1 trees with an empty v2 tree
/// beside them, which limits nothing and yet can kill and freeze.
/// </summary>
public sealed class CgroupHost
{
    /// <summary>Finds the v2 tree where a controller is asked for.</summary>
    public const string UnifiedTree = "unified";

    private static readonly string[] KnownControllers =
    [
        "cpu", "cpuacct", "cpuset", "memory", "devices", "freezer", "blkio", "pids", "net_cls", "net_prio", "perf_event", "hugetlb", "rdma",
        "misc",
    ];

    public CgroupHost(IReadOnlyList<CgroupHierarchy> hierarchies)
    {
        Hierarchies = hierarchies;
        Unified = hierarchies.FirstOrDefault(hierarchy => hierarchy.Unified);
    }

    public IReadOnlyList<CgroupHierarchy> Hierarchies { get; }

    public CgroupHierarchy? Unified { get; }

    /// <summary>Trees of v1 that control nothing (name=systemd): another runtime makes its cgroups there as well, and leaves those above.</summary>
    public IReadOnlyList<CgroupHierarchy> Named { get; private init; } = [];

    /// <summary>"v1", "v2" or "hybrid".</summary>
    public string Version => Unified is null ? "v1" : Hierarchies.Count == 1 ? "v2" : "hybrid";

    public static CgroupHost Detect() => Parse(
        Descriptor.TryReadText("/proc/self/mountinfo") ?? "",
        root => Descriptor.TryReadText($"{root}/cgroup.controllers") ?? "");

    /// <param name="mountInfo">/proc/self/mountinfo (proc_pid_mountinfo(5)).</param>
    /// <param name="controllersOf">Reads cgroup.controllers of the v2 tree mounted at a path.</param>
    public static CgroupHost Parse(string mountInfo, Func<string, string> controllersOf)
    {
        var found = new List<CgroupHierarchy>();
        var named = new List<CgroupHierarchy>();
        foreach (var line in mountInfo.Split('\n'))
        {
            var separator = line.IndexOf(" - ", StringComparison.Ordinal);
            if (separator < 0)
                continue;

            var mount = line[..separator].Split(' ');
            var filesystem = line[(separator + 3)..].Split(' ');
            // A mount of a part of a tree (field 4) is a container's view, a second mount of the same tree is a copy.
            if (mount.Length < 5 || filesystem.Length < 3 || mount[3] != "/")
                continue;

            var hierarchy = filesystem[0] switch
            {
                "cgroup2" => new CgroupHierarchy(mount[4], controllersOf(mount[4]).Split([' ', '\n'], StringSplitOptions.RemoveEmptyEntries), true),
                "cgroup" => new CgroupHierarchy(mount[4], filesystem[2].Split(',').Intersect(KnownControllers).ToArray(), false),
                _ => null,
            };
            if (hierarchy is null)
                continue;
            if (!hierarchy.Unified && hierarchy.Controllers.Count == 0)
                named.Add(hierarchy);
            else if (!found.Exists(f => f.Unified == hierarchy.Unified && f.Controllers.SequenceEqual(hierarchy.Controllers)))
                found.Add(hierarchy);
        }

        return new CgroupHost(found) { Named = named };
    }

    /// <summary>The tree that has a controller; null where the host has none.</summary>
    public CgroupHierarchy? Find(string controller) => controller == UnifiedTree ? Unified : Hierarchies.FirstOrDefault(hierarchy => hierarchy.Has(controller));
}
