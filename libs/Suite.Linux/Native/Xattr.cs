using System.Runtime.InteropServices;
using static Suite.Linux.Errors.ErrnoNames;

namespace Suite.Linux.Native;

/// <summary>Extended attributes (sys/xattr.h, xattr(7)). Values are bytes: security.capability is a binary struct.</summary>
public static unsafe partial class Xattr
{
    /// <summary>XATTR_NAME_MAX.</summary>
    public const int MaxName = 255;

    /// <summary>XATTR_SIZE_MAX.</summary>
    public const int MaxValue = 65536;

    public static int Set(int file, ReadOnlySpan<byte> name, ReadOnlySpan<byte> value)
    {
        byte* key = stackalloc byte[4096];
        if (!FileCalls.Terminate(name, key)) return -ENAMETOOLONG;
        // A null pointer would remove the attribute on some file systems; one without a value is another thing.
        fixed (byte* from = value) return FileCalls.Errno(fsetxattr(file, key, from == null ? key : from, (nuint)value.Length, 0));
    }

    /// <summary>Sets it on the name itself, for what cannot be opened: links and devices.</summary>
    public static int SetNoFollow(ReadOnlySpan<byte> path, ReadOnlySpan<byte> name, ReadOnlySpan<byte> value)
    {
        byte* key = stackalloc byte[4096];
        byte* at = stackalloc byte[4096];
        if (!FileCalls.Terminate(name, key) || !FileCalls.Terminate(path, at)) return -ENAMETOOLONG;
        fixed (byte* from = value) return FileCalls.Errno(lsetxattr(at, key, from == null ? key : from, (nuint)value.Length, 0));
    }

    /// <summary>The length of the value, or the negated errno; an empty buffer asks for the length alone.</summary>
    public static int Get(int file, ReadOnlySpan<byte> name, Span<byte> value)
    {
        byte* key = stackalloc byte[4096];
        if (!FileCalls.Terminate(name, key)) return -ENAMETOOLONG;
        fixed (byte* into = value) return FileCalls.Errno((int)fgetxattr(file, key, into, (nuint)value.Length));
    }

    /// <summary>As <see cref="Get"/>, of the name itself.</summary>
    public static int GetNoFollow(ReadOnlySpan<byte> path, ReadOnlySpan<byte> name, Span<byte> value)
    {
        byte* key = stackalloc byte[4096];
        byte* at = stackalloc byte[4096];
        if (!FileCalls.Terminate(name, key) || !FileCalls.Terminate(path, at)) return -ENAMETOOLONG;
        fixed (byte* into = value) return FileCalls.Errno((int)lgetxattr(at, key, into, (nuint)value.Length));
    }

    public static int Remove(int file, ReadOnlySpan<byte> name)
    {
        byte* key = stackalloc byte[4096];
        return FileCalls.Terminate(name, key) ? FileCalls.Errno(fremovexattr(file, key)) : -ENAMETOOLONG;
    }

    /// <summary>The names, each ended by NUL: their length, or the negated errno; -ERANGE when the buffer is too small.</summary>
    public static int List(int file, Span<byte> names)
    {
        fixed (byte* into = names) return FileCalls.Errno((int)flistxattr(file, into, (nuint)names.Length));
    }

    /// <summary>As <see cref="List"/>, of the name itself.</summary>
    public static int ListNoFollow(ReadOnlySpan<byte> path, Span<byte> names)
    {
        byte* at = stackalloc byte[4096];
        if (!FileCalls.Terminate(path, at)) return -ENAMETOOLONG;
        fixed (byte* into = names) return FileCalls.Errno((int)llistxattr(at, into, (nuint)names.Length));
    }

    [LibraryImport("libc", SetLastError = true)]
    private static partial int fremovexattr(int file, byte* name);

    [LibraryImport("libc", SetLastError = true)]
    private static partial nint flistxattr(int file, byte* names, nuint length);

    [LibraryImport("libc", SetLastError = true)]
    private static partial nint llistxattr(byte* path, byte* names, nuint length);

    [LibraryImport("libc", SetLastError = true)]
    private static partial int fsetxattr(int file, byte* name, byte* value, nuint length, int flags);

    [LibraryImport("libc", SetLastError = true)]
    private static partial int lsetxattr(byte* path, byte* name, byte* value, nuint length, int flags);

    [LibraryImport("libc", SetLastError = true)]
    private static partial nint fgetxattr(int file, byte* name, byte* value, nuint length);

    [LibraryImport("libc", SetLastError = true)]
    private static partial nint lgetxattr(byte* path, byte* name, byte* value, nuint length);
}
