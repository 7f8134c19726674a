using Suite.Linux.Errors;
using Suite.Linux.Handles;
using Suite.Linux.Native;
using static Tmds.Linux.LibC;

namespace Suite.Linux.Mounts;

/// <summary>One file as a mount of its own, which has no place in any directory tree and lives as long as something holds it (open_tree(2)).</summary>
public static unsafe class FileMount
{
    /// <returns>A descriptor of a read-only mount of one file; -1, with the reason in <paramref name="error"/>.</returns>
    public static int TryOpenReadOnly(string file, out int error)
    {
        int mount;
        fixed (byte* path = Descriptor.Path(file))
            mount = MountCalls.open_tree(AT_FDCWD, path, MountCalls.OPEN_TREE_CLONE | MountCalls.OPEN_TREE_CLOEXEC);
        error = mount < 0 ? errno : 0;
        if (mount < 0)
            return -1;

        var attributes = new MountCalls.mount_attr { attr_set = MountCalls.MOUNT_ATTR_RDONLY | MountCalls.MOUNT_ATTR_NOSUID | MountCalls.MOUNT_ATTR_NODEV };
        fixed (byte* empty = "\0"u8)
        {
            if (MountCalls.mount_setattr(mount, empty, MountCalls.AT_EMPTY_PATH, &attributes, (nuint)sizeof(MountCalls.mount_attr)) == 0)
                return mount;
        }

        error = errno;
        Descriptor.Close(mount);
        return -1;
    }
}
