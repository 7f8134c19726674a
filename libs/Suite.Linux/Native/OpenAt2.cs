using System.Runtime.InteropServices;
using static Suite.Linux.Errors.ErrnoNames;

namespace Suite.Linux.Native;

/// <summary>linux/openat2.h: opening a path that the kernel itself keeps inside a directory (5.6). glibc has no wrapper before 2.43.</summary>
public static unsafe partial class OpenAt2
{
    public const ulong RESOLVE_NO_XDEV = 0x1;
    public const ulong RESOLVE_NO_MAGICLINKS = 0x2;
    public const ulong RESOLVE_NO_SYMLINKS = 0x4;
    public const ulong RESOLVE_IN_ROOT = 0x10;

    private const long SYS_openat2 = 437; // the same on every architecture, as all calls since Linux 5.1 are
    private const int Attempts = 100;

    [StructLayout(LayoutKind.Sequential)]
    public struct open_how
    {
        public ulong flags;
        public ulong mode;
        public ulong resolve;
    }

    /// <summary>A descriptor, close-on-exec, or the negated errno.</summary>
    public static int Open(int directory, ReadOnlySpan<byte> path, int flags, ulong resolve, uint mode = 0)
    {
        byte* name = stackalloc byte[4096];
        if (!FileCalls.Terminate(path, name)) return -ENAMETOOLONG;
        var how = new open_how { flags = (uint)(flags | FileCalls.O_CLOEXEC), mode = mode, resolve = resolve };
        int result;
        // EAGAIN: something was renamed or mounted meanwhile, so that the kernel could not be sure about ".."; try again.
        var tries = 0;
        do result = FileCalls.Errno((int)syscall(SYS_openat2, directory, name, &how, (nuint)sizeof(open_how)));
        while (result == -EINTR || (result == -EAGAIN && ++tries < Attempts));
        return result;
    }

    [LibraryImport("libc", SetLastError = true)]
    private static partial long syscall(long number, long directory, byte* path, open_how* how, nuint size);
}
