using Suite.Linux.Errors;
using Suite.Linux.Handles;
using Suite.Linux.Native;
using Suite.Runtime.Exec.Plans;
using static Tmds.Linux.LibC;

namespace Suite.Runtime.Exec.Inits;

/// <summary>Copies of mounts that are attached nowhere yet.</summary>
internal static unsafe class TreeActions
{
    public static int Open(string source, bool recursive, MountIds ids, bool fromHost, InitContext context)
    {
        var tree = fromHost ? FromHost(source, recursive, context) : MountActions.CloneTree(source, recursive);
        if (ids.Any)
            Map(tree, ids, source, context);
        return tree;
    }

    /// <summary>Shows the owners of files as other ids. The file system must know how, or the kernel says EINVAL (mount_setattr(2)).</summary>
    public static void Map(int tree, MountIds ids, string source, InitContext context)
    {
        var own = ids.Map is { } map ? UserNamespaces.Make(map, 0, ["user"])[0] : -1;
        var attributes = new MountCalls.mount_attr { attr_set = MountCalls.MOUNT_ATTR_IDMAP, userns_fd = (ulong)(own >= 0 ? own : context.UserNamespace) };
        fixed (byte* empty = "\0"u8)
        {
            var flags = MountCalls.AT_EMPTY_PATH | (ids.Recursive ? MountCalls.AT_RECURSIVE : 0);
            if (MountCalls.mount_setattr(tree, empty, flags, &attributes, (nuint)sizeof(MountCalls.mount_attr)) != 0)
                throw Failure(source, errno);
        }

        Descriptor.Close(own);
    }

    private static SuiteException Failure(string source, int error) => error == ErrnoNames.EINVAL
        ? new SuiteException(
            ErrorKind.Unsupported,
            $"map the owners of the files of {source}: its file system cannot on this kernel (tmpfs can since Linux 6.3, overlay and network file systems cannot); leave uidMappings and gidMappings out")
        : new ErrnoException($"map the owners of the files of {source}", error);

    /// <summary>
    /// A mount that is to share what is mounted below it with the host must be of the host's peer group, which the mounts here,
    /// slaves of the host's, are not (mount_namespaces(7)). And what the host mounts once a pod has a mount namespace is seen in that only
    /// below a mount that the host has made shared, as systemd does with /, and others do not.
    /// </summary>
    private static int FromHost(string source, bool recursive, InitContext context)
    {
        var own = Descriptor.Open("/proc/self/ns/mnt", O_RDONLY);
        if (setns(context.HostMounts, (int)Sched.CLONE_NEWNS) != 0)
            throw new ErrnoException("go to the host's mounts", errno);
        var tree = MountActions.CloneTree(source, recursive);
        if (setns(own, (int)Sched.CLONE_NEWNS) != 0)
            throw new ErrnoException("come back from the host's mounts", errno);
        Descriptor.Close(own);
        return tree;
    }
}
