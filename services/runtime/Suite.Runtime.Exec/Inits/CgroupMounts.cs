using Suite.Linux.Cgroups;
using Suite.Linux.Errors;
using Suite.Linux.Handles;
using Suite.Linux.Native;
using Suite.Runtime.Exec.Plans;
using Suite.Runtime.Exec.Plans.Steps;
using Tmds.Linux;
using static Tmds.Linux.LibC;

namespace Suite.Runtime.Exec.Inits;

/// <summary>
/// The container's own cgroups, bound where the tools look for them: on v1 a directory for each tree in a tmpfs, on v2 the one.
/// Binds need no cgroup namespace yet, which begins only when the process has entered its cgroup.
/// </summary>
internal sealed unsafe class CgroupMounts
{
    private readonly int _whole;
    private readonly List<(int Tree, string Name)> _parts = [];

    private CgroupMounts(int whole)
    {
        _whole = whole;
    }

    /// <summary>Makes the mounts, which have no place yet. One without a place takes no others (move_mount(2), until 6.15).</summary>
    public static CgroupMounts Make(MountCgroup step, InitContext context)
    {
        var path = context.Cgroup.Path;
        if (context.Cgroups.Version == "v2")
            return new CgroupMounts(MountActions.CloneTree(context.Cgroups.Unified!.PathOf(path), recursive: false));

        // It becomes read-only when all is in it.
        var writable = step.Settings.Set & ~(ulong)MountCalls.MOUNT_ATTR_RDONLY;
        var mounts = new CgroupMounts(FilesystemMount.Create("tmpfs", "tmpfs", new MountSettings(writable, 0, 0, 0, 0, ["mode=755"]), readOnlyFilesystem: false));
        foreach (var hierarchy in context.Cgroups.Hierarchies)
            mounts.Add(hierarchy, path);
        return mounts;
    }

    public void Place(MountCgroup step, InitContext context)
    {
        var target = RootedPath.OpenDirectory(context.Root, step.Target, OpenAt2.RESOLVE_NO_SYMLINKS);
        FilesystemMount.Attach(_whole, target, step.Target);
        foreach (var (tree, name) in _parts)
        {
            FilesystemMount.Attach(tree, _whole, name, step.Target);
            Descriptor.Close(tree);
        }

        var settings = step.Settings;
        MountActions.SetAttributes(
            _whole,
            settings with { Set = 0, Clear = 0, RecursiveSet = settings.Set | settings.RecursiveSet, RecursiveClear = settings.Clear | settings.RecursiveClear },
            step.Target);
        Descriptor.Close(_whole);
        Descriptor.Close(target);
    }

    private void Add(CgroupHierarchy hierarchy, string path)
    {
        var name = RootedPath.Name(hierarchy.MountPoint);
        fixed (byte* directory = Descriptor.Path(name))
        {
            if (mkdirat(_whole, directory, (mode_t)0x1ed /* 0755 */) != 0)
                throw new ErrnoException($"make a directory for the cgroup tree {name}", errno);
        }

        // Trees with several controllers are known by each of their names too: cpu and cpu,cpuacct.
        foreach (var controller in hierarchy.Unified ? [] : hierarchy.Controllers.Where(c => c != name))
            DeviceActions.Link(_whole, controller, name);
        _parts.Add((MountActions.CloneTree(hierarchy.PathOf(path), recursive: false), name));
    }
}
