using System.Runtime.InteropServices;

namespace Suite.Linux.Native;

/// <summary>openat2(2), Linux 5.6: opens a path that the kernel itself keeps inside a directory. glibc has no wrapper before 2.43.</summary>
public static unsafe partial class OpenHow
{
    public const ulong RESOLVE_NO_XDEV = 0x01;
    public const ulong RESOLVE_NO_MAGICLINKS = 0x02;
    public const ulong RESOLVE_NO_SYMLINKS = 0x04;
    public const ulong RESOLVE_BENEATH = 0x08;
    public const ulong RESOLVE_IN_ROOT = 0x10;

    private const long SYS_openat2 = 437; // the same on every architecture, as all calls since Linux 5.1 are
    private const int EAGAIN = 11;
    private const int EINTR = 4;

    /// <summary>A descriptor, or the negated errno. An empty path is the directory itself.</summary>
    public static int OpenAt2(int directory, ReadOnlySpan<byte> path, int flags, ulong resolve, uint mode = 0)
    {
        byte* name = stackalloc byte[4096];
        if (!FileCalls.Terminate(path.IsEmpty ? "."u8 : path, name)) return -FileCalls.ENAMETOOLONG;
        var how = stackalloc ulong[3] { (uint)flags | FileCalls.O_CLOEXEC, mode, resolve };
        int result;
        // EAGAIN: something was renamed or mounted meanwhile, so that the kernel could not be sure about ".."; try again.
        var tries = 0;
        do result = FileCalls.Errno((int)syscall(SYS_openat2, directory, name, how, 3 * sizeof(ulong)));
        while (result == -EINTR || (result == -EAGAIN && ++tries < 100));
        return result;
    }

    [LibraryImport("libc", SetLastError = true)]
    private static partial long syscall(long number, long directory, byte* path, ulong* how, nuint size);
}
