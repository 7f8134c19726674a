using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using static Suite.Linux.Errors.ErrnoNames;

namespace Suite.Linux.Native;

/// <summary>
/// The *at calls of fcntl.h, unistd.h and sys/stat.h. Names are bytes, as the kernel knows no encoding and images bring any.
/// Every call answers 0 or a descriptor, or the negated errno; EINTR is retried where the kernel may give it.
/// </summary>
[SkipLocalsInit]
public static unsafe partial class FileCalls
{
    public const int O_RDONLY = 0;
    public const int O_WRONLY = 1;
    public const int O_RDWR = 2;
    public const int O_CREAT = 0x40;
    public const int O_EXCL = 0x80;
    public const int O_NONBLOCK = 0x800;
    public const int O_CLOEXEC = 0x80000;
    public const int O_PATH = 0x200000;
    public const int AT_FDCWD = -100;
    public const int AT_SYMLINK_NOFOLLOW = 0x100;
    public const int AT_REMOVEDIR = 0x200;
    public const int AT_EMPTY_PATH = 0x1000;
    public const uint S_IFMT = 0xF000;
    public const uint S_IFSOCK = 0xC000;
    public const uint S_IFLNK = 0xA000;
    public const uint S_IFREG = 0x8000;
    public const uint S_IFBLK = 0x6000;
    public const uint S_IFDIR = 0x4000;
    public const uint S_IFCHR = 0x2000;
    public const uint S_IFIFO = 0x1000;

    // asm/fcntl.h of arm differs from asm-generic in exactly these two.
    public static readonly int O_DIRECTORY = IsArm ? 0x4000 : 0x10000;
    public static readonly int O_NOFOLLOW = IsArm ? 0x8000 : 0x20000;

    private static bool IsArm => RuntimeInformation.ProcessArchitecture is Architecture.Arm64 or Architecture.Arm;

    private const int MaxName = 4096;

    // sys/file.h
    private const int LOCK_EX = 2;
    private const int LOCK_NB = 4;

    public static int OpenAt(int directory, ReadOnlySpan<byte> name, int flags, uint mode = 0)
    {
        byte* path = stackalloc byte[MaxName];
        if (!Terminate(name, path)) return -ENAMETOOLONG;
        int result;
        do result = Errno(openat(directory, path, flags | O_CLOEXEC, mode));
        while (result == -EINTR);
        return result;
    }

    public static int MkdirAt(int directory, ReadOnlySpan<byte> name, uint mode)
    {
        byte* path = stackalloc byte[MaxName];
        return Terminate(name, path) ? Errno(mkdirat(directory, path, mode)) : -ENAMETOOLONG;
    }

    /// <param name="device">As makedev(3) packs it; see <see cref="MakeDevice"/>.</param>
    public static int MknodAt(int directory, ReadOnlySpan<byte> name, uint mode, ulong device)
    {
        byte* path = stackalloc byte[MaxName];
        return Terminate(name, path) ? Errno(mknodat(directory, path, mode, device)) : -ENAMETOOLONG;
    }

    public static int SymlinkAt(ReadOnlySpan<byte> target, int directory, ReadOnlySpan<byte> name)
    {
        byte* path = stackalloc byte[MaxName];
        byte* to = stackalloc byte[MaxName];
        return Terminate(name, path) && Terminate(target, to) ? Errno(symlinkat(to, directory, path)) : -ENAMETOOLONG;
    }

    /// <summary>A second name for the same file; a symbolic link is linked itself, not what it points to.</summary>
    public static int LinkAt(int fromDirectory, ReadOnlySpan<byte> from, int toDirectory, ReadOnlySpan<byte> to)
    {
        byte* source = stackalloc byte[MaxName];
        byte* path = stackalloc byte[MaxName];
        return Terminate(from, source) && Terminate(to, path) ? Errno(linkat(fromDirectory, source, toDirectory, path, 0)) : -ENAMETOOLONG;
    }

    public static int RenameAt(int fromDirectory, ReadOnlySpan<byte> from, int toDirectory, ReadOnlySpan<byte> to)
    {
        byte* source = stackalloc byte[MaxName];
        byte* path = stackalloc byte[MaxName];
        return Terminate(from, source) && Terminate(to, path) ? Errno(renameat(fromDirectory, source, toDirectory, path)) : -ENAMETOOLONG;
    }

    public static int UnlinkAt(int directory, ReadOnlySpan<byte> name, int flags = 0)
    {
        byte* path = stackalloc byte[MaxName];
        return Terminate(name, path) ? Errno(unlinkat(directory, path, flags)) : -ENAMETOOLONG;
    }

    /// <summary>Owner of the name itself, never of what a link points to.</summary>
    public static int ChownAt(int directory, ReadOnlySpan<byte> name, uint user, uint group)
    {
        byte* path = stackalloc byte[MaxName];
        return Terminate(name, path) ? Errno(fchownat(directory, path, user, group, AT_SYMLINK_NOFOLLOW)) : -ENAMETOOLONG;
    }

    /// <summary>Follows links: only for names that were just made as something else.</summary>
    public static int ChmodAt(int directory, ReadOnlySpan<byte> name, uint mode)
    {
        byte* path = stackalloc byte[MaxName];
        return Terminate(name, path) ? Errno(fchmodat(directory, path, mode, 0)) : -ENAMETOOLONG;
    }

    public static int Chown(int file, uint user, uint group) => Errno(fchown(file, user, group));

    public static int Chmod(int file, uint mode) => Errno(fchmod(file, mode));

    /// <summary>Sets both times of the name itself.</summary>
    public static int SetTimesAt(int directory, ReadOnlySpan<byte> name, long seconds, int nanoseconds)
    {
        byte* path = stackalloc byte[MaxName];
        if (!Terminate(name, path)) return -ENAMETOOLONG;
        var times = stackalloc long[4] { seconds, nanoseconds, seconds, nanoseconds };
        return Errno(utimensat(directory, path, times, AT_SYMLINK_NOFOLLOW));
    }

    public static int SetTimes(int file, long seconds, int nanoseconds)
    {
        var times = stackalloc long[4] { seconds, nanoseconds, seconds, nanoseconds };
        return Errno(futimens(file, times));
    }

    /// <summary>Of the name itself, never of what a link points to; an empty name is the directory.</summary>
    public static int StatAt(int directory, ReadOnlySpan<byte> name, out FileStatus status) =>
        Stat(directory, name, AT_SYMLINK_NOFOLLOW | (name.IsEmpty ? AT_EMPTY_PATH : 0), out status);

    /// <summary>An empty path is ENOENT, as stat(2) has it.</summary>
    public static int Stat(ReadOnlySpan<byte> path, bool followLink, out FileStatus status) =>
        Stat(AT_FDCWD, path, followLink ? 0 : AT_SYMLINK_NOFOLLOW, out status);

    /// <summary>Writes all of it, however often the kernel stops half way.</summary>
    public static int WriteAll(int file, ReadOnlySpan<byte> content)
    {
        while (!content.IsEmpty)
        {
            nint written;
            fixed (byte* from = content) written = write(file, from, (nuint)content.Length);
            if (written < 0)
            {
                var errno = Marshal.GetLastPInvokeError();
                if (errno == EINTR) continue;
                return -errno;
            }

            content = content[(int)written..];
        }

        return 0;
    }

    /// <summary>The target of a link, cut at the buffer's length; the length, or the negated errno.</summary>
    public static int ReadLinkAt(int directory, ReadOnlySpan<byte> name, Span<byte> target)
    {
        byte* path = stackalloc byte[MaxName];
        if (!Terminate(name, path)) return -ENAMETOOLONG;
        fixed (byte* into = target) return Errno((int)readlinkat(directory, path, into, (nuint)target.Length));
    }

    public static int Close(int file) => Errno(close(file));

    /// <summary>Writes everything of the file system that holds <paramref name="file"/>; reports write errors since Linux 5.8.</summary>
    public static int SyncFileSystem(int file) => Errno(syncfs(file));

    public static int Sync(int file) => Errno(fsync(file));

    /// <summary>Locks an open file for this process alone, without waiting: -EAGAIN when another one holds it. Closing it, or dying, unlocks.</summary>
    public static int LockExclusively(int file)
    {
        int result;
        do result = Errno(flock(file, LOCK_EX | LOCK_NB));
        while (result == -EINTR);
        return result;
    }

    /// <summary>Asks for a part of a file to be written out and does not wait for it.</summary>
    public static int BeginWriteOut(int file, long offset, long length) => Errno(sync_file_range(file, offset, length, 2)); // WRITE, linux/fs.h

    /// <summary>Sends a file's pages to the disk and waits for them. Not durable by itself: metadata and the disk's cache are fsync's.</summary>
    public static int WriteOut(int file) => Errno(sync_file_range(file, 0, 0, 7)); // WAIT_BEFORE | WRITE | WAIT_AFTER, linux/fs.h

    /// <summary>makedev(3): glibc's 64-bit packing, which the kernel's own 32-bit form is the low half of.</summary>
    public static ulong MakeDevice(uint major, uint minor) =>
        ((ulong)(major & 0xFFFFF000) << 32) | ((ulong)(major & 0xFFF) << 8) | ((ulong)(minor & 0xFFFFFF00) << 12) | (minor & 0xFF);

    /// <summary>Copies a name and ends it with NUL. A name with a NUL in it is refused as too long: no such file can exist.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal static bool Terminate(ReadOnlySpan<byte> name, byte* path)
    {
        if (name.Length >= MaxName || name.Contains((byte)0)) return false;
        name.CopyTo(new Span<byte>(path, MaxName));
        path[name.Length] = 0;
        return true;
    }

    private static int Stat(int directory, ReadOnlySpan<byte> name, int flags, out FileStatus status)
    {
        byte* path = stackalloc byte[MaxName];
        status = default;
        if (!Terminate(name, path)) return -ENAMETOOLONG;
        fixed (FileStatus* into = &status) return Errno(statx(directory, path, flags, FileStatus.BasicMask, into));
    }

    internal static int Errno(int result) => result >= 0 ? result : -Marshal.GetLastPInvokeError();

    [LibraryImport("libc", SetLastError = true)]
    private static partial int openat(int directory, byte* path, int flags, uint mode);

    [LibraryImport("libc", SetLastError = true)]
    private static partial int mkdirat(int directory, byte* path, uint mode);

    [LibraryImport("libc", SetLastError = true)]
    private static partial int mknodat(int directory, byte* path, uint mode, ulong device);

    [LibraryImport("libc", SetLastError = true)]
    private static partial int symlinkat(byte* target, int directory, byte* path);

    [LibraryImport("libc", SetLastError = true)]
    private static partial int linkat(int fromDirectory, byte* from, int toDirectory, byte* to, int flags);

    [LibraryImport("libc", SetLastError = true)]
    private static partial int renameat(int fromDirectory, byte* from, int toDirectory, byte* to);

    [LibraryImport("libc", SetLastError = true)]
    private static partial int unlinkat(int directory, byte* path, int flags);

    [LibraryImport("libc", SetLastError = true)]
    private static partial int fchownat(int directory, byte* path, uint user, uint group, int flags);

    [LibraryImport("libc", SetLastError = true)]
    private static partial int fchmodat(int directory, byte* path, uint mode, int flags);

    [LibraryImport("libc", SetLastError = true)]
    private static partial int flock(int file, int operation);

    [LibraryImport("libc", SetLastError = true)]
    private static partial int fchown(int file, uint user, uint group);

    [LibraryImport("libc", SetLastError = true)]
    private static partial int fchmod(int file, uint mode);

    [LibraryImport("libc", SetLastError = true)]
    private static partial int utimensat(int directory, byte* path, long* times, int flags);

    [LibraryImport("libc", SetLastError = true)]
    private static partial int futimens(int file, long* times);

    [LibraryImport("libc", SetLastError = true)]
    private static partial int statx(int directory, byte* path, int flags, uint mask, FileStatus* status);

    [LibraryImport("libc", SetLastError = true)]
    private static partial nint write(int file, byte* content, nuint length);

    [LibraryImport("libc", SetLastError = true)]
    private static partial nint readlinkat(int directory, byte* path, byte* target, nuint length);

    [LibraryImport("libc", SetLastError = true)]
    private static partial int close(int file);

    [LibraryImport("libc", SetLastError = true)]
    private static partial int syncfs(int file);

    [LibraryImport("libc", SetLastError = true)]
    private static partial int fsync(int file);

    [LibraryImport("libc", SetLastError = true)]
    private static partial int sync_file_range(int file, long offset, long length, uint flags);
}
