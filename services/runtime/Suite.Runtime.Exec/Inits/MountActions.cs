using Suite.Linux.Errors;
using Suite.Linux.Handles;
using Suite.Linux.Native;
using Suite.Runtime.Exec.Plans;
using Suite.Runtime.Exec.Plans.Steps;
using Tmds.Linux;
using static Tmds.Linux.LibC;

namespace Suite.Runtime.Exec.Inits;

internal static unsafe class MountActions
{
    public static void Take(Step step, InitContext context)
    {
        switch (step)
        {
            case MountFilesystem mount:
                MountNew(mount, context);
                break;
            case BindMount bind:
                Bind(bind, context);
                break;
            case MountCgroup cgroup:
                CgroupMounts.Make(cgroup, context).Place(cgroup, context);
                break;
        }
    }

    private static void MountNew(MountFilesystem mount, InitContext context)
    {
        var resolve = ResolvingFor(mount);
        if (mount.Settings.Part.Length > 0)
        {
            MountPart(mount, context, resolve);
            return;
        }

        var target = RootedPath.OpenDirectory(context.Root, mount.Target, resolve);
        var made = mount.Settings.Data.Contains(MountOptions.CopyUp) ? MakeCopy(mount, target) : Make(mount, target);
        // -1: the overlay was made with mount(2), and is at its place already.
        if (made >= 0)
        {
            if (mount.Settings.Ids.Any)
                TreeActions.Map(made, mount.Settings.Ids, mount.Target, context);
            FilesystemMount.Attach(made, target, mount.Target);
            Propagate(made, mount.Settings, mount.Target);
            Descriptor.Close(made);
        }

        Descriptor.Close(target);
    }

    // procfs and sysfs are where confinement is written; an image that makes /proc a symbolic link wants it elsewhere.
    private static ulong ResolvingFor(MountFilesystem mount) => mount.Type is "proc" or "sysfs" ? OpenAt2.RESOLVE_NO_SYMLINKS : 0;

    /// <summary>
    /// Mounts a directory or a file of a new file system. A mount without a place cannot be cloned (EINVAL, until 6.15): until its part
    /// is, the whole lies over the container's root. What the part is called is found inside the mount, whatever links are in it.
    /// </summary>
    private static void MountPart(MountFilesystem mount, InitContext context, ulong resolve)
    {
        var whole = FilesystemMount.Create(mount.Type, mount.Source, mount.Settings, readOnlyFilesystem: false);
        if (mount.Settings.Ids.Any)
            TreeActions.Map(whole, mount.Settings.Ids, mount.Target, context);
        FilesystemMount.Attach(whole, context.Root, mount.Target);
        var inside = RootedPath.Open(whole, mount.Settings.Part, O_PATH, out var error, OpenAt2.RESOLVE_NO_XDEV);
        var part = -1;
        if (inside >= 0)
        {
            fixed (byte* empty = "\0"u8)
                part = MountCalls.open_tree(inside, empty, MountCalls.OPEN_TREE_CLONE | MountCalls.OPEN_TREE_CLOEXEC | MountCalls.AT_EMPTY_PATH);
            error = part < 0 ? errno : 0;
        }

        fixed (byte* place = Descriptor.Path($"/proc/self/fd/{whole}"))
        {
            if (umount2(place, MountCalls.MNT_DETACH) != 0 && error == 0)
                throw new ErrnoException($"take off the whole of what is mounted on {mount.Target}", errno);
        }

        if (part < 0)
            throw new ErrnoException($"bind {mount.Settings.Part} of what is to be mounted on {mount.Target}", error);
        var target = RootedPath.OpenMountPoint(context.Root, mount.Target, IsDirectory(part), resolve);
        FilesystemMount.Attach(part, target, mount.Target);
        Propagate(part, mount.Settings, mount.Target);
        foreach (var descriptor in (ReadOnlySpan<int>)[whole, inside, part, target])
            Descriptor.Close(descriptor);
    }

    /// <summary>Puts what was made ahead, with its attributes, where the step wants it.</summary>
    public static void Place(int tree, MountFilesystem mount, InitContext context) => Place(tree, mount.Target, mount.Settings, ResolvingFor(mount), context);

    public static void Place(int tree, BindMount bind, InitContext context) => Place(tree, bind.Target, bind.Settings, 0, context);

    private static void Place(int tree, string path, MountSettings settings, ulong resolve, InitContext context)
    {
        var target = RootedPath.OpenMountPoint(context.Root, path, IsDirectory(tree), resolve);
        FilesystemMount.Attach(tree, target, path);
        Propagate(tree, settings, path);
        Descriptor.Close(tree);
        Descriptor.Close(target);
    }

    private static int Make(MountFilesystem mount, int target)
    {
        if (mount.Type == "sysfs" && IsForeign(out var hosts))
            return hosts;
        if (mount.Type == "mqueue" && mount.Settings.Data.FirstOrDefault(option => option.StartsWith(MountOptions.Label, StringComparison.Ordinal)) is { } label)
            return MakeQueues(mount, label);
        return mount.Type == "overlay"
            ? OverlayMount.Create(mount.Source, $"/proc/self/fd/{target}", mount.Settings)
            : FilesystemMount.Create(mount.Type, mount.Source, mount.Settings, readOnlyFilesystem: false);
    }

    /// <summary>A tmpfs that begins with what it covers. It is read-only, if at all, once that is in it.</summary>
    private static int MakeCopy(MountFilesystem mount, int target)
    {
        var readOnly = mount.Settings.OfNewMount & MountCalls.MOUNT_ATTR_RDONLY;
        var writable = mount.Settings with { Set = mount.Settings.Set & ~readOnly, RecursiveSet = mount.Settings.RecursiveSet & ~readOnly };
        var made = FilesystemMount.Create(mount.Type, mount.Source, writable, readOnlyFilesystem: false);
        CopyUp.Copy(target, made, mount.Target, rootToo: !mount.Settings.Data.Any(option => option.StartsWith("mode=", StringComparison.Ordinal)));
        if (readOnly != 0)
            SetAttributes(made, readOnly, 0, 0, recursive: false, mount.Target);
        return made;
    }

    /// <summary>The file system of an ipc namespace is there before its mount, too late for an option; its root can be labelled.</summary>
    private static int MakeQueues(MountFilesystem mount, string label)
    {
        LabelActions.NeedSelinux($"label the files of mqueue with {label[MountOptions.Label.Length..]}");
        var made = FilesystemMount.Create(mount.Type, mount.Source, mount.Settings with { Data = [.. mount.Settings.Data.Where(option => option != label)] }, readOnlyFilesystem: false);
        var root = FileCalls.OpenAt(made, "."u8, FileCalls.O_RDONLY | FileCalls.O_DIRECTORY);
        var error = root < 0 ? root : Xattr.Set(root, "security.selinux"u8, Descriptor.Path(label[MountOptions.Label.Length..]));
        Descriptor.Close(root);
        return error < 0 ? throw new ErrnoException($"label the files of mqueue with {label[MountOptions.Label.Length..]}", -error) : made;
    }

    private static void Bind(BindMount bind, InitContext context)
    {
        var shared = (bind.Settings.Propagation & MountCalls.MS_SHARED) != 0;
        if (!context.Trees.TryGetValue(bind.Tree, out var tree))
            tree = TreeActions.Open(bind.Source, bind.Recursive, bind.Settings.Ids, shared, context);
        var target = RootedPath.OpenMountPoint(context.Root, bind.Target, IsDirectory(tree));
        if (bind.Settings.Data.Contains(MountOptions.CopyUp))
            CopyUp.Copy(target, tree, bind.Target, rootToo: false);
        FilesystemMount.Attach(tree, target, bind.Target);
        SetAttributes(tree, bind.Settings, bind.Target);
        Propagate(tree, bind.Settings, bind.Target);
        Descriptor.Close(tree);
        Descriptor.Close(target);
    }

    /// <summary>
    /// A sysfs shows a network namespace, and may be mounted only by who has rights over that. A container with a user namespace
    /// and the host's network sees the host's own, read-only as it must be for someone without rights.
    /// </summary>
    private static bool IsForeign(out int hosts)
    {
        hosts = -1;
        var context = FilesystemMount.TryOpen("sysfs", out var error);
        if (context >= 0)
        {
            Descriptor.Close(context);
            return false;
        }

        if (error != ErrnoNames.EPERM)
            return false;
        hosts = CloneTree("/sys", recursive: true);
        SetAttributes(hosts, MountCalls.MOUNT_ATTR_RDONLY | MountCalls.MOUNT_ATTR_NOSUID | MountCalls.MOUNT_ATTR_NODEV | MountCalls.MOUNT_ATTR_NOEXEC, 0, 0, recursive: true, "/sys");
        return true;
    }

    /// <returns>A descriptor of a copy of the mount at a path, attached nowhere.</returns>
    public static int CloneTree(string source, bool recursive)
    {
        fixed (byte* path = Descriptor.Path(source))
        {
            var tree = MountCalls.open_tree(
                AT_FDCWD, path, MountCalls.OPEN_TREE_CLONE | MountCalls.OPEN_TREE_CLOEXEC | (recursive ? MountCalls.AT_RECURSIVE : 0));
            return tree >= 0 ? tree : throw new ErrnoException($"bind {source}", errno);
        }
    }

    public static void SetAttributes(int mount, MountSettings settings, string path)
    {
        if ((settings.Set | settings.Clear) != 0)
            SetAttributes(mount, settings.Set, settings.Clear & ~settings.Set | TimeField(settings.Set, settings.Clear), 0, recursive: false, path);
        if ((settings.RecursiveSet | settings.RecursiveClear) != 0)
            SetAttributes(mount, settings.RecursiveSet, settings.RecursiveClear & ~settings.RecursiveSet | TimeField(settings.RecursiveSet, settings.RecursiveClear), 0, recursive: true, path);
    }

    public static void Propagate(int mount, MountSettings settings, string path)
    {
        if (settings.Propagation != 0)
            SetAttributes(mount, 0, 0, settings.Propagation & ~MountCalls.MS_REC, (settings.Propagation & MountCalls.MS_REC) != 0, path);
    }

    public static void SetAttributes(int mount, ulong set, ulong clear, ulong propagation, bool recursive, string path)
    {
        var attributes = new MountCalls.mount_attr { attr_set = set, attr_clr = clear, propagation = propagation };
        fixed (byte* empty = "\0"u8)
        {
            var flags = MountCalls.AT_EMPTY_PATH | (recursive ? MountCalls.AT_RECURSIVE : 0);
            if (MountCalls.mount_setattr(mount, empty, flags, &attributes, (nuint)sizeof(MountCalls.mount_attr)) != 0)
                throw new ErrnoException($"set the attributes of the mount {path}", errno);
        }
    }

    public static bool IsDirectory(int fd)
    {
        stat status;
        return fstat(fd, &status) == 0 && ((uint)status.st_mode & 0xf000) == 0x4000;
    }

    // mount_setattr(2): a new time setting needs the whole field cleared in the same call.
    private static ulong TimeField(ulong set, ulong clear) =>
        ((set | clear) & MountCalls.MOUNT_ATTR__ATIME) != 0 ? MountCalls.MOUNT_ATTR__ATIME : 0;
}
