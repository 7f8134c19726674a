using System.Runtime.InteropServices;

namespace Suite.Linux.Native;

/// <summary>ioctl_iflags(2): the attributes that chattr(1) sets. Constants of linux/fs.h, which glibc 2.36 cannot include beside sys/mount.h.</summary>
public static partial class InodeFlags
{
    // _IOR('f', 1, long) and _IOW('f', 2, long), though the argument is an int: a mistake that the kernel keeps.
    private const nuint GetFlags = 0x80086601;
    private const nuint SetFlags = 0x40086602;

    /// <summary>FS_TOPDIR_FL, chattr's T.</summary>
    public const int TopOfHierarchy = 0x00020000;

    /// <summary>Adds a flag; 0 or the negated errno. ENOTTY and EOPNOTSUPP where the file system has none.</summary>
    public static int Add(int file, int flag)
    {
        var result = Get(file, out var flags);
        if (result < 0) return result;
        flags |= flag;
        return Errno(ioctl(file, SetFlags, ref flags));
    }

    public static int Get(int file, out int flags)
    {
        flags = 0;
        return Errno(ioctl(file, GetFlags, ref flags));
    }

    private static int Errno(int result) => result >= 0 ? result : -Marshal.GetLastPInvokeError();

    // ioctl is variadic; on x86-64 and arm64 Linux a third pointer argument travels as in a fixed signature.
    [LibraryImport("libc", SetLastError = true)]
    private static partial int ioctl(int file, nuint request, ref int flags);
}
