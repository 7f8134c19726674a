using System.Collections.Immutable;
using Suite.Linux.Errors;
using Suite.Oci.Runtime;
using Suite.Runtime.Exec.Plans.Steps;

namespace Suite.Runtime.Exec.Plans;

internal static class MountPlanner
{
    public static void Add(ImmutableArray<Step>.Builder steps, IReadOnlyList<Mount> mounts)
    {
        for (var i = 0; i < mounts.Count; i++)
            steps.Add(Plan(mounts[i], $"mounts[{i}]"));
    }

    private static Step Plan(Mount mount, string field)
    {
        var target = Names.CheckAbsolute(mount.Destination, $"{field}.destination");
        if (target.Trim('/').Length == 0)
            throw new SuiteException(ErrorKind.InvalidArgument, $"{field}.destination: the root is mounted by root, not by mounts");
        if (mount.UidMappings is { Count: > 0 } || mount.GidMappings is { Count: > 0 })
            throw new SuiteException(ErrorKind.Unsupported, $"{field}.uidMappings: idmapped mounts are not built yet");

        var settings = MountOptions.Parse(mount.Options ?? [], field, out var bind, out var recursive);
        if (bind || mount.Type == "bind")
        {
            if (settings.Data.Count > 0)
                throw new SuiteException(ErrorKind.InvalidArgument, $"{field}.options: \"{settings.Data[0]}\" is no option of a bind mount");
            return new BindMount(target, Names.CheckAbsolute(mount.Source ?? "", $"{field}.source"), recursive, settings);
        }

        return mount.Type switch
        {
            null or "" => throw new SuiteException(ErrorKind.InvalidArgument, $"{field}.type: is missing"),
            "cgroup" or "cgroup2" => new MountCgroup(target, settings with { Data = [] }),
            _ => new MountFilesystem(target, mount.Type, mount.Source ?? mount.Type, settings),
        };
    }
}
