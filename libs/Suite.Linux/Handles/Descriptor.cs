using System.Text;
using Suite.Linux.Errors;
using Suite.Linux.Native;
using Tmds.Linux;
using static Tmds.Linux.LibC;

namespace Suite.Linux.Handles;

/// <summary>
/// Bare file descriptors, for code that runs between clone and exec or in a process of one thread: no handle object, so nothing
/// with a finalizer, and nothing of the runtime's file layer is touched. Everything is opened close-on-exec.
/// </summary>
public static unsafe class Descriptor
{
    public static byte[] Path(string text)
    {
        var bytes = new byte[Encoding.UTF8.GetByteCount(text) + 1];
        Encoding.UTF8.GetBytes(text, bytes);
        return bytes;
    }

    /// <exception cref="ErrnoException">It cannot be opened.</exception>
    public static int Open(string path, int flags, uint mode = 0)
    {
        var fd = TryOpen(path, flags, mode, out var error);
        return fd >= 0 ? fd : throw new ErrnoException($"open {path}", error);
    }

    /// <returns>-1, with the reason in <paramref name="error"/>, when it cannot be opened.</returns>
    public static int TryOpen(string path, int flags, uint mode, out int error)
    {
        fixed (byte* name = Path(path))
        {
            int fd;
            do
            {
                fd = open(name, flags | O_CLOEXEC, (mode_t)mode);
                error = fd < 0 ? errno : 0;
            }
            while (fd < 0 && error == ErrnoNames.EINTR);
            return fd;
        }
    }

    public static void Close(int fd)
    {
        if (fd >= 0)
            _ = close(fd);
    }

    /// <summary>Closes everything but the standard streams and these, for a child that goes its own way; -1 is none.</summary>
    /// <param name="kept">Is sorted.</param>
    public static void CloseAllBut(Span<int> kept)
    {
        kept.Sort();
        var first = 3u;
        foreach (var fd in kept)
        {
            if (fd < first)
                continue;
            if (fd > first)
                _ = CloseRange.close_range(first, (uint)fd - 1, 0);
            first = (uint)fd + 1;
        }

        _ = CloseRange.close_range(first, uint.MaxValue, 0);
    }

    /// <summary>Writes a short text to a file that exists, in one call: the files of cgroupfs and procfs want it so.</summary>
    /// <returns>0, or the error number.</returns>
    public static int TryWriteText(string path, string text)
    {
        var fd = TryOpen(path, O_WRONLY, 0, out var error);
        if (fd < 0)
            return error;

        error = TryWrite(fd, text);
        Close(fd);
        return error;
    }

    /// <returns>0, or the error number.</returns>
    public static int TryWrite(int fd, string text)
    {
        var bytes = Encoding.UTF8.GetBytes(text);
        fixed (byte* data = bytes)
            return (int)(long)write(fd, data, bytes.Length) < 0 ? errno : 0;
    }

    /// <returns>Null when there is no such file.</returns>
    public static string? TryReadText(string path)
    {
        var fd = TryOpen(path, O_RDONLY, 0, out _);
        if (fd < 0)
            return null;

        var text = ReadText(fd);
        Close(fd);
        return text;
    }

    /// <summary>All that is left to read, at most 1 MiB: what is read here is written by kernels and, in a container, by strangers.</summary>
    public static string ReadText(int fd)
    {
        var buffer = new byte[4096];
        var length = 0;
        while (length < 1 << 20)
        {
            if (length == buffer.Length)
                Array.Resize(ref buffer, buffer.Length * 2);
            long count;
            fixed (byte* data = &buffer[length])
                count = (long)read(fd, data, buffer.Length - length);
            if (count < 0 && errno == ErrnoNames.EINTR)
                continue;
            if (count <= 0)
                break;
            length += (int)count;
        }

        return Encoding.UTF8.GetString(buffer, 0, length);
    }

    /// <summary>One read(2) from where the file is.</summary>
    /// <returns>Bytes read; 0 at the end and for any error: what is read so are the kernel's own files, which come or go as a whole.</returns>
    public static int Read(int fd, Span<byte> into)
    {
        fixed (byte* data = into)
        {
            long count;
            do
                count = (long)read(fd, data, into.Length);
            while (count < 0 && errno == ErrnoNames.EINTR);
            return (int)Math.Max(0, count);
        }
    }

    /// <returns>0, or the error number; a directory that is there already is no error.</returns>
    public static int TryMakeDirectory(string path, uint mode)
    {
        fixed (byte* name = Path(path))
            return mkdir(name, (mode_t)mode) == 0 || errno == ErrnoNames.EEXIST ? 0 : errno;
    }

    /// <returns>0, or the error number; one that is not there is no error.</returns>
    public static int TryRemoveDirectory(string path)
    {
        fixed (byte* name = Path(path))
            return rmdir(name) == 0 || errno == ErrnoNames.ENOENT ? 0 : errno;
    }

    public static void TryUnlink(string path)
    {
        fixed (byte* name = Path(path))
            _ = unlink(name);
    }
}
