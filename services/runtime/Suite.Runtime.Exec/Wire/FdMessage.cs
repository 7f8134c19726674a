using System.Runtime.InteropServices;
using Suite.Linux.Errors;
using Tmds.Linux;
using static Tmds.Linux.LibC;

namespace Suite.Runtime.Exec.Wire;

/// <summary>One message of a sequenced-packet socket, with file descriptors (unix(7), SCM_RIGHTS).</summary>
internal static unsafe class FdMessage
{
    public const int MaxDescriptors = 8;

    // cmsg(3): a header of 16 bytes on 64-bit machines, then the descriptors.
    private const int HeaderSize = 16;
    private const int SCM_RIGHTS = 1;
    private const int ControlSize = HeaderSize + (MaxDescriptors * sizeof(int));

    /// <exception cref="ErrnoException">It was not sent; EAGAIN when the receiver does not keep up.</exception>
    public static void Send(int socket, ReadOnlySpan<byte> data, ReadOnlySpan<int> descriptors)
    {
        var error = TrySend(socket, data, descriptors);
        if (error != 0)
            throw new ErrnoException("send a message", error);
    }

    /// <returns>0, or the error number.</returns>
    public static int TrySend(int socket, ReadOnlySpan<byte> data, ReadOnlySpan<int> descriptors)
    {
        var control = stackalloc byte[ControlSize];
        fixed (byte* bytes = data)
        {
            var part = new iovec { iov_base = bytes, iov_len = data.Length };
            var message = new msghdr { msg_iov = &part, msg_iovlen = 1 };
            if (!descriptors.IsEmpty)
            {
                *(long*)control = HeaderSize + (descriptors.Length * sizeof(int));
                *(int*)(control + 8) = SOL_SOCKET;
                *(int*)(control + 12) = SCM_RIGHTS;
                descriptors.CopyTo(new Span<int>(control + HeaderSize, MaxDescriptors));
                message.msg_control = control;
                message.msg_controllen = HeaderSize + (((descriptors.Length * sizeof(int)) + 7) & ~7);
            }

            while (true)
            {
                if ((long)sendmsg(socket, &message, MSG_NOSIGNAL) >= 0)
                    return 0;
                if (errno != ErrnoNames.EINTR)
                    return errno;
            }
        }
    }

    /// <summary>As <see cref="Receive"/>, when there is something, however long that takes: for a process that has nothing else to do.</summary>
    public static int Await(int socket, Span<byte> buffer, Span<int> descriptors, out int descriptorCount)
    {
        int length;
        while ((length = Receive(socket, buffer, descriptors, out descriptorCount)) == -ErrnoNames.EAGAIN)
        {
            var awaited = new pollfd { fd = socket, events = POLLIN };
            _ = poll(&awaited, 1, -1);
        }

        return length;
    }

    /// <param name="descriptors">Room for <see cref="MaxDescriptors"/>.</param>
    /// <returns>Bytes received; 0 at the end; minus the error number when there is none now. A message too long is an end.</returns>
    public static int Receive(int socket, Span<byte> buffer, Span<int> descriptors, out int descriptorCount)
    {
        var control = stackalloc byte[ControlSize];
        descriptorCount = 0;
        fixed (byte* bytes = buffer)
        {
            var part = new iovec { iov_base = bytes, iov_len = buffer.Length };
            var message = new msghdr { msg_iov = &part, msg_iovlen = 1, msg_control = control, msg_controllen = ControlSize };
            long count;
            while ((count = (long)recvmsg(socket, &message, MSG_CMSG_CLOEXEC | MSG_DONTWAIT)) < 0)
            {
                if (errno != ErrnoNames.EINTR)
                    return -errno;
            }

            if ((uint)message.msg_controllen >= HeaderSize && *(int*)(control + 8) == SOL_SOCKET && *(int*)(control + 12) == SCM_RIGHTS)
            {
                descriptorCount = (int)((*(long*)control - HeaderSize) / sizeof(int));
                new ReadOnlySpan<int>(control + HeaderSize, descriptorCount).CopyTo(descriptors);
            }

            return (message.msg_flags & MSG_TRUNC) != 0 ? 0 : (int)count;
        }
    }
}
