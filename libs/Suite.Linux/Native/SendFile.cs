using System.Runtime.InteropServices;
using static Suite.Linux.Errors.ErrnoNames;

namespace Suite.Linux.Native;

/// <summary>sys/sendfile.h.</summary>
public static unsafe partial class SendFile
{
    /// <summary>
    /// Puts a part of a file into a socket within the kernel: pages are handed over and not copied. The file's own position stays. EINTR is retried.
    /// </summary>
    /// <returns>Bytes, 0 at the end of the file, or the negated errno: -EAGAIN when a socket that does not block has no room (sendfile(2)).</returns>
    /// <exception cref="ObjectDisposedException">One of them is closed.</exception>
    public static long Send(SafeHandle socket, SafeHandle file, long position, long length)
    {
        while (true)
        {
            var offset = position;
            var sent = sendfile(socket, file, &offset, (nuint)length);
            if (sent >= 0)
                return sent;
            var errno = Marshal.GetLastPInvokeError();
            if (errno != EINTR)
                return -errno;
        }
    }

    [LibraryImport("libc", SetLastError = true)]
    private static partial nint sendfile(SafeHandle to, SafeHandle from, long* offset, nuint count);
}
