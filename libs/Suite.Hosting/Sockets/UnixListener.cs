using System.Net;
using System.Net.Sockets;
using Microsoft.AspNetCore.Server.Kestrel.Transport.Sockets;
using Microsoft.Win32.SafeHandles;
using Suite.Linux.Errors;

namespace Suite.Hosting.Sockets;

/// <summary>Binds a service's socket so that no other user can connect, not even for an instant.</summary>
internal static class UnixListener
{
    private const UnixFileMode OwnerOnly = UnixFileMode.UserRead | UnixFileMode.UserWrite;

    // sockaddr_un.sun_path, unix(7): 108 bytes with the final NUL.
    private const int LongestPath = 107;

    public static Socket Bind(EndPoint endPoint)
    {
        if (endPoint is not UnixDomainSocketEndPoint)
            return BindPort(endPoint);

        var socket = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
        try
        {
            // bind(2) gives the file the mode of the socket's own inode less the umask (unix_bind_bsd in net/unix/af_unix.c), so
            // fchmod before bind does what umask would, and leaves the files that other threads make at this moment alone.
            using var handle = new SafeFileHandle(socket.Handle, ownsHandle: false);
            File.SetUnixFileMode(handle, OwnerOnly);
            socket.Bind(endPoint);
            return socket;
        }
        catch
        {
            socket.Dispose();
            throw;
        }
    }

    private static Socket BindPort(EndPoint endPoint)
    {
        try
        {
            return SocketTransportOptions.CreateDefaultBoundListenSocket(endPoint);
        }
        catch (SocketException e) when (e.SocketErrorCode is SocketError.AddressAlreadyInUse or SocketError.AddressNotAvailable or SocketError.AccessDenied)
        {
            var (kind, reason) = e.SocketErrorCode switch
            {
                SocketError.AddressAlreadyInUse => (ErrorKind.AlreadyExists, "another program listens there; stop it"),
                SocketError.AccessDenied => (ErrorKind.PermissionDenied, "this user may not open that port; run as root"),
                _ => (ErrorKind.InvalidArgument, "this machine does not have that address; add it"),
            };
            throw new SuiteException(kind, $"cannot listen on {endPoint}: {reason}, or choose another address with the setting `listen`", e);
        }
    }

    /// <summary>Removes what a killed process left. The caller holds the instance lock, so nobody listens there.</summary>
    public static void Prepare(string path)
    {
        if (System.Text.Encoding.UTF8.GetByteCount(path) > LongestPath)
            throw new SuiteException(ErrorKind.InvalidArgument, $"the socket path {path} is longer than {LongestPath} bytes: choose a shorter --run");
        File.Delete(path);
    }
}
