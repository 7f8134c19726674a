using Microsoft.Win32.SafeHandles;
using Suite.Linux.Errors;
using Suite.Linux.Native;

namespace Suite.Network.Bridge.Netlink;

/// <summary>
/// A conversation with one netlink subsystem of one network namespace: that in which the socket was opened. One thread at a
/// time. The kernel answers within the send, so nothing here ever waits.
/// </summary>
internal sealed class NetlinkSocket : IDisposable
{
    public const ushort NLMSG_ERROR = 2;
    public const ushort NLMSG_DONE = 3;
    public const ushort NLM_F_REQUEST = 1;
    public const ushort NLM_F_ACK = 4;
    public const ushort NLM_F_DUMP_INTR = 0x10;
    public const ushort NLM_F_DUMP = 0x300;

    /// <summary>Room for a batch of some ten thousand published ports, and for as many acknowledgements.</summary>
    private const int SocketBufferBytes = 4 << 20;

    /// <summary>The kernel caps a dump's datagrams at 32 KiB (af_netlink.c, netlink_recvmsg).</summary>
    private const int DatagramBytes = 64 << 10;

    private const int EAGAIN = ErrnoNames.EAGAIN;

    private readonly SafeFileHandle _handle;
    private uint _sequence;
    private byte[]? _datagram; // prepared namespaces hold a socket each: no buffer before the first use

    private NetlinkSocket(SafeFileHandle handle) => _handle = handle;

    public static NetlinkSocket OpenRoute() => new(NetlinkCalls.Open(NetlinkCalls.NETLINK_ROUTE, SocketBufferBytes));

    public static NetlinkSocket OpenNetfilter() => new(NetlinkCalls.Open(NetlinkCalls.NETLINK_NETFILTER, SocketBufferBytes));

    /// <summary>The kernel's name for this socket.</summary>
    public uint Port => NetlinkCalls.PortOf(_handle);

    /// <summary>Numbers a message. Numbers only grow, so an answer to an earlier request is told from one to this.</summary>
    public uint NextSequence() => ++_sequence;

    /// <summary>Sends what was written and hands every acknowledgement from number <paramref name="first"/> on to <paramref name="receive"/>.</summary>
    public void Transact(NetlinkWriter request, uint first, string action, Action<Acknowledgement> receive)
    {
        Send(request, action);
        while (Receive(action) is { IsEmpty: false } datagram)
        {
            var reader = new NetlinkReader(datagram);
            while (reader.Next())
            {
                if (reader.Type == NLMSG_ERROR && reader.Sequence >= first)
                {
                    receive(Acknowledgement.Read(reader));
                }
            }
        }
    }

    /// <summary>Sends one question and hands its answer to <paramref name="receive"/>; an error is thrown.</summary>
    public void Ask(NetlinkWriter request, uint sequence, string action, MessageHandler receive)
    {
        Send(request, action);
        while (Receive(action) is { IsEmpty: false } datagram)
        {
            var reader = new NetlinkReader(datagram);
            while (reader.Next())
            {
                if (reader.Sequence != sequence)
                {
                    continue;
                }

                if (reader.Type == NLMSG_ERROR && Acknowledgement.Read(reader) is { Errno: not 0 } answer)
                {
                    throw Failed(action, answer);
                }

                receive(reader);
            }
        }
    }

    /// <summary>A reader of one message of a dump; a delegate of its own because the reader is a ref struct.</summary>
    public delegate void MessageHandler(NetlinkReader message);

    /// <summary>
    /// Sends one dump request and reads it to its end.
    /// </summary>
    /// <returns>False when the kernel says that what was dumped changed meanwhile (NLM_F_DUMP_INTR): ask again.</returns>
    public bool TryDump(NetlinkWriter request, uint sequence, string action, MessageHandler receive)
    {
        Send(request, action);
        bool consistent = true;
        while (Receive(action) is { IsEmpty: false } datagram)
        {
            var reader = new NetlinkReader(datagram);
            while (reader.Next())
            {
                if (reader.Sequence != sequence)
                {
                    continue;
                }

                consistent &= (reader.Flags & NLM_F_DUMP_INTR) == 0;
                switch (reader.Type)
                {
                    case NLMSG_DONE:
                        return consistent;
                    case NLMSG_ERROR:
                        var answer = Acknowledgement.Read(reader);
                        throw Failed(action, answer);
                    default:
                        receive(reader);
                        break;
                }
            }
        }

        throw new SuiteException(ErrorKind.Internal, $"{action}: the kernel's answer ends in the middle");
    }

    public static ErrnoException Failed(string action, Acknowledgement answer) =>
        new(answer.Text is null ? action : $"{action}: the kernel says \"{answer.Text}\"", answer.Errno);

    public void Dispose() => _handle.Dispose();

    private void Send(NetlinkWriter request, string action)
    {
        Drain();
        int error = NetlinkCalls.Send(_handle, request.Written);
        if (error != 0)
        {
            throw new ErrnoException(action, error);
        }
    }

    /// <summary>Throws away what an earlier request, given up on, has left in the queue.</summary>
    private void Drain()
    {
        int error;
        do
        {
            error = NetlinkCalls.Receive(_handle, _datagram ??= GC.AllocateUninitializedArray<byte>(DatagramBytes), out _);
        }
        while (error != EAGAIN && error != ErrnoNames.EBADF);
    }

    private ReadOnlySpan<byte> Receive(string action)
    {
        int error = NetlinkCalls.Receive(_handle, _datagram, out int length);
        return error switch
        {
            0 => _datagram.AsSpan(0, length),
            EAGAIN => [],
            ErrnoNames.ENOBUFS => throw new SuiteException(
                ErrorKind.Unavailable,
                $"{action}: the kernel had more to answer than the socket holds, so its outcome is not known; it is being undone, try again"),
            _ => throw new ErrnoException($"{action}: read the kernel's answer", error),
        };
    }
}
