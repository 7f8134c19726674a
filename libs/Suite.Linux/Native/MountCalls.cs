using System.Runtime.InteropServices;

namespace Suite.Linux.Native;

/// <summary>sys/mount.h and linux/mount.h: flags of mount(2), and the calls of 5.2 that work on mounts without a path.</summary>
public static unsafe partial class MountCalls
{
    public const uint MS_RDONLY = 0x1;
    public const uint MS_NOSUID = 0x2;
    public const uint MS_NODEV = 0x4;
    public const uint MS_NOEXEC = 0x8;
    public const uint MS_BIND = 0x1000;
    public const uint MS_MOVE = 0x2000;
    public const uint MS_REC = 0x4000;
    public const uint MS_UNBINDABLE = 0x20000;
    public const uint MS_PRIVATE = 0x40000;
    public const uint MS_SLAVE = 0x80000;
    public const uint MS_SHARED = 0x100000;

    public const int MNT_DETACH = 2;

    public const uint FSOPEN_CLOEXEC = 1;
    public const uint FSMOUNT_CLOEXEC = 1;
    public const uint FSCONFIG_SET_FLAG = 0;
    public const uint FSCONFIG_SET_STRING = 1;
    public const uint FSCONFIG_CMD_CREATE = 6;

    public const uint MOUNT_ATTR_RDONLY = 0x1;
    public const uint MOUNT_ATTR_NOSUID = 0x2;
    public const uint MOUNT_ATTR_NODEV = 0x4;
    public const uint MOUNT_ATTR_NOEXEC = 0x8;
    public const uint MOUNT_ATTR__ATIME = 0x70;
    public const uint MOUNT_ATTR_NOATIME = 0x10;
    public const uint MOUNT_ATTR_STRICTATIME = 0x20;
    public const uint MOUNT_ATTR_NODIRATIME = 0x80;
    public const uint MOUNT_ATTR_IDMAP = 0x100000;
    public const uint MOUNT_ATTR_NOSYMFOLLOW = 0x200000;

    public const uint MOVE_MOUNT_F_EMPTY_PATH = 0x4;
    public const uint MOVE_MOUNT_T_EMPTY_PATH = 0x40;

    public const uint OPEN_TREE_CLONE = 1;
    public const uint OPEN_TREE_CLOEXEC = 0x80000;
    public const uint AT_EMPTY_PATH = 0x1000;
    public const uint AT_RECURSIVE = 0x8000;

    [StructLayout(LayoutKind.Sequential)]
    public struct mount_attr
    {
        public ulong attr_set;
        public ulong attr_clr;
        public ulong propagation;
        public ulong userns_fd;
    }

    [LibraryImport("libc", SetLastError = true)]
    public static partial int fsopen(byte* type, uint flags);

    [LibraryImport("libc", SetLastError = true)]
    public static partial int fsconfig(int fd, uint command, byte* key, byte* value, int aux);

    [LibraryImport("libc", SetLastError = true)]
    public static partial int fsmount(int fd, uint flags, uint attributes);

    [LibraryImport("libc", SetLastError = true)]
    public static partial int move_mount(int fromFd, byte* fromPath, int toFd, byte* toPath, uint flags);

    [LibraryImport("libc", SetLastError = true)]
    public static partial int open_tree(int directory, byte* path, uint flags);

    [LibraryImport("libc", SetLastError = true)]
    public static partial int mount_setattr(int directory, byte* path, uint flags, mount_attr* attributes, nuint size);

    [LibraryImport("libc", SetLastError = true)]
    public static partial int pivot_root(byte* newRoot, byte* putOld);
}
