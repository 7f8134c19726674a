using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using static Suite.Linux.Errors.ErrnoNames;

namespace Suite.Linux.Native;

/// <summary>Content of open files (unistd.h, and FICLONE of linux/fs.h). Every call answers 0 or a number, or the negated errno.</summary>
[SkipLocalsInit]
public static unsafe partial class FileContent
{
    public const int SEEK_SET = 0;
    public const int SEEK_END = 2;
    public const int SEEK_DATA = 3;
    public const int SEEK_HOLE = 4;
    public const uint FICLONE = 0x40049409;

    public static int Read(int file, Span<byte> into)
    {
        nint result;
        fixed (byte* to = into)
        {
            do result = read(file, to, (nuint)into.Length);
            while (result < 0 && Marshal.GetLastPInvokeError() == EINTR);
        }

        return FileCalls.Errno((int)result);
    }

    /// <summary>Reads at a position, without moving the file's own.</summary>
    public static int ReadAt(int file, Span<byte> into, long position)
    {
        nint result;
        fixed (byte* to = into)
        {
            do result = pread(file, to, (nuint)into.Length, position);
            while (result < 0 && Marshal.GetLastPInvokeError() == EINTR);
        }

        return FileCalls.Errno((int)result);
    }

    /// <summary>The new position, or the negated errno: -ENXIO of SEEK_DATA means that only a hole follows (lseek(2)).</summary>
    public static long Seek(int file, long offset, int from)
    {
        var result = lseek(file, offset, from);
        return result >= 0 ? result : -Marshal.GetLastPInvokeError();
    }

    public static int SetLength(int file, long length) => FileCalls.Errno(ftruncate(file, length));

    /// <summary>Shares the blocks of a file; -EOPNOTSUPP or -EXDEV where the file system cannot (ioctl_ficlone(2)).</summary>
    public static int Clone(int from, int to) => FileCalls.Errno(ioctl(to, FICLONE, from));

    /// <summary>Copies within the kernel, from one position to the same; the bytes copied, 0 at the end (copy_file_range(2)).</summary>
    public static long CopyRange(int from, int to, long position, long length)
    {
        long source = position, target = position;
        var result = copy_file_range(from, &source, to, &target, (nuint)Math.Min(length, 1L << 30), 0);
        return result >= 0 ? result : -Marshal.GetLastPInvokeError();
    }

    [LibraryImport("libc", SetLastError = true)]
    private static partial nint read(int file, byte* into, nuint length);

    [LibraryImport("libc", SetLastError = true)]
    private static partial nint pread(int file, byte* into, nuint length, long position);

    [LibraryImport("libc", SetLastError = true)]
    private static partial long lseek(int file, long offset, int from);

    [LibraryImport("libc", SetLastError = true)]
    private static partial int ftruncate(int file, long length);

    // ioctl(2) is variadic: on the ABIs that .NET runs on under Linux an integer argument is passed as if it were named.
    [LibraryImport("libc", SetLastError = true)]
    private static partial int ioctl(int file, nuint request, nint argument);

    [LibraryImport("libc", SetLastError = true)]
    private static partial nint copy_file_range(int from, long* fromPosition, int to, long* toPosition, nuint length, uint flags);
}
