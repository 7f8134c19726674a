using System.Collections.Immutable;
using Suite.Linux.Errors;
using Suite.Linux.Native;
using Suite.Oci.Runtime;
using Suite.Runtime.Exec.Plans.Steps;

namespace Suite.Runtime.Exec.Plans;

internal static class MountPlanner
{
    public static IReadOnlyList<Step> Plan(IReadOnlyList<Mount> mounts)
    {
        var steps = new List<Step>();
        for (var i = 0; i < mounts.Count; i++)
            steps.Add(Plan(mounts[i], i, $"mounts[{i}]"));
        return steps;
    }

    /// <summary>What must be opened with the host's rights, before a user namespace is entered.</summary>
    public static void AddTrees(ImmutableArray<Step>.Builder steps, IReadOnlyList<Step> mounts)
    {
        foreach (var bind in mounts.OfType<BindMount>())
            steps.Add(new OpenTree(bind.Tree, bind.Source, bind.Recursive, bind.Settings.Ids, (bind.Settings.Propagation & MountCalls.MS_SHARED) != 0));
    }

    private static Step Plan(Mount mount, int number, string field)
    {
        var target = Names.CheckAbsolute(mount.Destination, $"{field}.destination");
        if (target.Trim('/').Length == 0)
            throw new SuiteException(ErrorKind.InvalidArgument, $"{field}.destination: the root is mounted by root, not by mounts");

        var settings = MountOptions.Parse(mount.Options ?? [], field, out var bind, out var recursive);
        if (IdentityMap.From(mount.UidMappings, mount.GidMappings, $"{field}.") is { } map)
            settings = settings with { Ids = new MountIds(OfContainer: false, map, settings.Ids.Recursive) };
        if (bind || mount.Type == "bind")
        {
            if (settings.Data.Count > 0)
                throw new SuiteException(ErrorKind.InvalidArgument, $"{field}.options: \"{settings.Data[0]}\" is no option of a bind mount");
            return new BindMount(target, Names.CheckAbsolute(mount.Source ?? "", $"{field}.source"), recursive, settings, number);
        }

        return mount.Type switch
        {
            null or "" => throw new SuiteException(ErrorKind.InvalidArgument, $"{field}.type: is missing"),
            "cgroup" or "cgroup2" => new MountCgroup(target, settings with { Data = [] }),
            _ => new MountFilesystem(target, mount.Type, mount.Source ?? mount.Type, settings),
        };
    }
}
