using System.Runtime.InteropServices;

namespace Suite.Linux.Native;

/// <summary>linux/openat2.h: opening a path that may not leave its directory (5.6).</summary>
public static unsafe partial class OpenAt2
{
    public const ulong RESOLVE_NO_XDEV = 0x1;
    public const ulong RESOLVE_NO_MAGICLINKS = 0x2;
    public const ulong RESOLVE_NO_SYMLINKS = 0x4;
    public const ulong RESOLVE_BENEATH = 0x8;
    public const ulong RESOLVE_IN_ROOT = 0x10;

    private const long SYS_openat2 = 437;

    [StructLayout(LayoutKind.Sequential)]
    public struct open_how
    {
        public ulong flags;
        public ulong mode;
        public ulong resolve;
    }

    public static int openat2(int directory, byte* path, open_how* how) =>
        (int)syscall(SYS_openat2, directory, (nint)path, (nint)how, (nint)sizeof(open_how));

    [LibraryImport("libc", SetLastError = true)]
    private static partial long syscall(long number, nint first, nint second, nint third, nint fourth);
}
