using System.Net.Sockets;
using Suite.Linux.Errors;
using static Tmds.Linux.LibC;

namespace Suite.Linux.Native;

/// <summary>Sockets of SCTP in their one-to-one style (sctp(7)), which .NET has no name for and otherwise treats as any stream.</summary>
public static class SctpCalls
{
    private const int IPPROTO_SCTP = 132;
    private const int SCTP_NODELAY = 3; // linux/sctp.h
    private const int EPROTONOSUPPORT = 93; // asm-generic/errno.h
    private const int ESOCKTNOSUPPORT = 94;
    private const int EAFNOSUPPORT = 97;

    /// <returns>Null on a kernel without SCTP, or one that may not load its module.</returns>
    public static Socket? TryOpen(AddressFamily family)
    {
        int fd = socket(family == AddressFamily.InterNetworkV6 ? AF_INET6 : AF_INET, SOCK_STREAM | SOCK_CLOEXEC, IPPROTO_SCTP);
        if (fd >= 0)
        {
            return new Socket(new SafeSocketHandle(fd, ownsHandle: true));
        }

        int error = errno;
        return error is EPROTONOSUPPORT or ESOCKTNOSUPPORT or EAFNOSUPPORT or ErrnoNames.EACCES or ErrnoNames.EPERM
            ? null
            : throw new ErrnoException("open a socket of SCTP", error);
    }

    /// <summary>Sends small messages at once.</summary>
    public static void SetNoDelay(Socket socket) => socket.SetRawSocketOption(IPPROTO_SCTP, SCTP_NODELAY, BitConverter.GetBytes(1));
}
