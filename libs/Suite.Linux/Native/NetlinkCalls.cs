using Microsoft.Win32.SafeHandles;
using Suite.Linux.Errors;
using Tmds.Linux;
using static Tmds.Linux.LibC;

namespace Suite.Linux.Native;

/// <summary>A netlink socket's calls (netlink(7)). The sender of every datagram is looked at: only the kernel is port 0.</summary>
public static unsafe class NetlinkCalls
{
    public const int NETLINK_ROUTE = 0;
    public const int NETLINK_NETFILTER = 12;

    private const int NETLINK_ADD_MEMBERSHIP = 1;
    private const int NETLINK_CAP_ACK = 10;
    private const int NETLINK_EXT_ACK = 11;
    private const int SO_SNDBUFFORCE = 32;
    private const int SO_RCVBUFFORCE = 33;

    /// <summary>sockaddr_nl of linux/netlink.h; port and groups of 0 mean the kernel when sending, "choose one" when binding.</summary>
    private struct SockaddrNl
    {
        public ushort Family;
        public ushort Pad;
        public uint Port;
        public uint Groups;
    }

    /// <summary>A bound socket in the calling thread's network namespace, where it stays whichever thread uses it later.</summary>
    public static SafeFileHandle Open(int protocol, int bufferBytes)
    {
        int fd = socket(AF_NETLINK, SOCK_RAW | SOCK_CLOEXEC, protocol);
        if (fd < 0)
        {
            throw new ErrnoException($"open a netlink socket of protocol {protocol}", errno);
        }

        var handle = new SafeFileHandle(fd, ownsHandle: true);
        var address = new SockaddrNl { Family = (ushort)AF_NETLINK };
        if (bind(fd, (sockaddr*)&address, (socklen_t)(uint)sizeof(SockaddrNl)) != 0)
        {
            int error = errno;
            handle.Dispose();
            throw new ErrnoException("bind a netlink socket", error);
        }

        // Best effort: an old kernel answers without the text, and a service without CAP_NET_ADMIN keeps the default buffers.
        Set(fd, SOL_NETLINK, NETLINK_EXT_ACK, 1);
        Set(fd, SOL_NETLINK, NETLINK_CAP_ACK, 1);
        Set(fd, SOL_SOCKET, SO_SNDBUFFORCE, bufferBytes);
        Set(fd, SOL_SOCKET, SO_RCVBUFFORCE, bufferBytes);
        return handle;
    }

    /// <summary>Subscribes to a multicast group, by its number.</summary>
    public static void Join(SafeFileHandle handle, int group)
    {
        if (setsockopt(Fd(handle), SOL_NETLINK, NETLINK_ADD_MEMBERSHIP, &group, (socklen_t)(uint)sizeof(int)) != 0)
        {
            throw new ErrnoException($"join the netlink group {group}", errno);
        }
    }

    /// <summary>The socket's own number, which the kernel writes into what it tells others about this socket's changes.</summary>
    public static uint PortOf(SafeFileHandle handle)
    {
        SockaddrNl address;
        var length = (socklen_t)(uint)sizeof(SockaddrNl);
        return getsockname(Fd(handle), (sockaddr*)&address, &length) == 0
            ? address.Port
            : throw new ErrnoException("ask for a netlink socket's number", errno);
    }

    /// <returns>0 or errno.</returns>
    public static int Send(SafeFileHandle handle, ReadOnlySpan<byte> message)
    {
        var kernel = new SockaddrNl { Family = (ushort)AF_NETLINK };
        fixed (byte* bytes = message)
        {
            while (true)
            {
                var sent = sendto(Fd(handle), bytes, (size_t)(ulong)message.Length, 0, (sockaddr*)&kernel, (socklen_t)(uint)sizeof(SockaddrNl));
                if ((long)sent >= 0)
                {
                    return 0;
                }

                if (errno != EINTR)
                {
                    return errno;
                }
            }
        }
    }

    /// <summary>
    /// The next datagram that the kernel has queued. Never blocks: the kernel answers rtnetlink and nfnetlink requests
    /// inside the sender's own sendto, and continues a dump inside recvmsg, so what is not there will not come.
    /// </summary>
    /// <returns>0 or errno (EAGAIN: nothing is queued; EMSGSIZE: it did not fit <paramref name="buffer"/>).</returns>
    public static int Receive(SafeFileHandle handle, Span<byte> buffer, out int length)
    {
        length = 0;
        SockaddrNl sender;
        msghdr header;
        fixed (byte* bytes = buffer)
        {
            var part = new iovec { iov_base = bytes, iov_len = (size_t)(ulong)buffer.Length };
            while (true)
            {
                header = default;
                header.msg_name = &sender;
                header.msg_namelen = (socklen_t)(uint)sizeof(SockaddrNl);
                header.msg_iov = &part;
                header.msg_iovlen = 1;
                var got = recvmsg(Fd(handle), &header, MSG_DONTWAIT);
                if ((long)got < 0)
                {
                    if (errno == EINTR)
                    {
                        continue;
                    }

                    return errno;
                }

                if ((uint)header.msg_namelen != (uint)sizeof(SockaddrNl) || sender.Port != 0)
                {
                    continue; // another process may send to our port: not the kernel, not ours to read
                }

                if ((header.msg_flags & MSG_TRUNC) != 0)
                {
                    return EMSGSIZE;
                }

                length = (int)(long)got;
                return 0;
            }
        }
    }

    private static void Set(int fd, int level, int option, int value) =>
        setsockopt(fd, level, option, &value, (socklen_t)(uint)sizeof(int));

    private static int Fd(SafeFileHandle handle) => (int)handle.DangerousGetHandle();
}
