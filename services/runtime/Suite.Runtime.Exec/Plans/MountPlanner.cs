using System.Collections.Immutable;
using Suite.Linux.Errors;
using Suite.Linux.Native;
using Suite.Oci.Runtime;
using Suite.Runtime.Exec.Plans.Steps;

namespace Suite.Runtime.Exec.Plans;

internal static class MountPlanner
{
    /// <param name="label">The SELinux context of the container's mounts; null or empty: that of the file systems.</param>
    /// <param name="ownUsers">The container has a user namespace.</param>
    /// <param name="podDirectory"><see cref="ContainerOptions.PodDirectory"/>.</param>
    /// <param name="propagation">Of the copies of the host's mounts that the container is made with.</param>
    public static IReadOnlyList<Step> Plan(IReadOnlyList<Mount> mounts, string? label, bool ownUsers, string? podDirectory, uint propagation)
    {
        if (label is { Length: > 0 } && label.Any(c => char.IsControl(c) || c == '"'))
            throw new SuiteException(ErrorKind.InvalidArgument, "linux.mountLabel: has control characters or quotes");
        var steps = new List<Step>();
        for (var i = 0; i < mounts.Count; i++)
        {
            var step = Plan(mounts[i], i, label, ownUsers);
            steps.Add(podDirectory is not null && step is BindMount { Filesystem: null } bind && !IsBelow(bind.Source, podDirectory) ? OfHost(bind, propagation) : step);
        }

        return steps;
    }

    /// <summary>What must be opened in the host's mount namespace, or with the host's rights, before a user namespace is entered.</summary>
    public static void AddTrees(ImmutableArray<Step>.Builder steps, IReadOnlyList<Step> mounts, bool ownUsers)
    {
        foreach (var bind in mounts.OfType<BindMount>().Where(bind => ownUsers || bind.FromHost))
        {
            steps.Add(bind.Filesystem is { } made
                ? new OpenFilesystem(bind.Tree, made.Type, made.Source, made.Settings)
                : new OpenTree(bind.Tree, bind.Source, bind.Recursive, bind.Settings.Ids, bind.FromHost || (bind.Settings.Propagation & MountCalls.MS_SHARED) != 0));
        }
    }

    /// <summary>Whether a path is a folder or in it, both without dots and doubled slashes.</summary>
    public static bool IsBelow(string path, string folder) =>
        path.StartsWith(folder, StringComparison.Ordinal) && (path.Length == folder.Length || path[folder.Length] == '/');

    /// <summary>A copy of the host's own mount is shared with it where that is, unless something else is said.</summary>
    private static BindMount OfHost(BindMount bind, uint propagation) =>
        bind with { FromHost = true, Settings = bind.Settings.Propagation != 0 ? bind.Settings : bind.Settings with { Propagation = propagation } };

    private static Step Plan(Mount mount, int number, string? label, bool ownUsers)
    {
        var field = $"mounts[{number}]";
        var target = Names.CheckAbsolute(mount.Destination, $"{field}.destination");
        if (target.Trim('/').Length == 0)
            throw new SuiteException(ErrorKind.InvalidArgument, $"{field}.destination: the root is mounted by root, not by mounts");

        var settings = MountOptions.Parse(mount.Options ?? [], field, out var bind, out var recursive);
        if (IdentityMap.From(mount.UidMappings, mount.GidMappings, $"{field}.") is { } map)
            settings = settings with { Ids = new MountIds(OfContainer: false, map, settings.Ids.Recursive) };
        if (bind || mount.Type == "bind")
        {
            if (settings.Data.Contains(MountOptions.CopyUp))
                throw new SuiteException(ErrorKind.InvalidArgument, $"{field}.options: \"{MountOptions.CopyUp}\" is an option of a tmpfs alone");
            // Options of file systems are none of a bind, and mount(2) ignores them there; callers give them all the same.
            return new BindMount(target, Names.CheckAbsolute(mount.Source ?? "", $"{field}.source"), recursive, settings with { Data = [] }, number);
        }

        if (settings.Data.Contains(MountOptions.CopyUp) && mount.Type != "tmpfs")
            throw new SuiteException(ErrorKind.InvalidArgument, $"{field}.options: \"{MountOptions.CopyUp}\" is an option of a tmpfs alone");
        return mount.Type switch
        {
            null or "" => throw new SuiteException(ErrorKind.InvalidArgument, $"{field}.type: is missing"),
            "cgroup" or "cgroup2" => new MountCgroup(target, settings with { Data = [] }),
            _ => New(new MountFilesystem(target, mount.Type, mount.Source ?? mount.Type, Labelled(settings, mount.Type, label)), number, ownUsers),
        };
    }

    /// <summary>
    /// A file system that is made in a user namespace has its ids already, so that their own map changes nothing; another map takes
    /// the host's rights (mount_setattr(2), EPERM).
    /// </summary>
    private static Step New(MountFilesystem mount, int number, bool ownUsers)
    {
        if (!ownUsers || !mount.Settings.Ids.Any)
            return mount;
        return mount.Settings.Ids.OfContainer
            ? mount with { Settings = mount.Settings with { Ids = MountIds.None } }
            : new BindMount(mount.Target, mount.Source, Recursive: false, mount.Settings with { Data = mount.Settings.Data.Contains(MountOptions.CopyUp) ? [MountOptions.CopyUp] : [], Ids = MountIds.None }, number) { Filesystem = mount };
    }

    // procfs and sysfs label each of their files by what it is, and take no other label.
    private static MountSettings Labelled(MountSettings settings, string type, string? label) =>
        label is not { Length: > 0 } || type is "proc" or "sysfs" ? settings : settings with { Data = [.. settings.Data, MountOptions.Label + label] };
}
