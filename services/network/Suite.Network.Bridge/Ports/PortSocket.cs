using System.Net;
using System.Net.Sockets;
using Suite.Linux.Errors;

namespace Suite.Network.Bridge.Ports;

/// <summary>The socket that holds one published port, and what serves it where the kernel does not.</summary>
internal sealed class PortSocket : IDisposable
{
    private readonly Socket _socket;
    private PortForwarder? _forwarder;

    private PortSocket(Socket socket) => _socket = socket;

    public ushort Port => (ushort)((IPEndPoint)_socket.LocalEndPoint!).Port;

    /// <returns>Null for SCTP on a kernel without it, and on a host without IPv6: there only our own ports are told apart.</returns>
    public static PortSocket? Bind(PublishedPort port)
    {
        if (port.HostAddress.Equals(IPAddress.IPv6Any) && !Socket.OSSupportsIPv6)
        {
            return null;
        }

        if (PortSockets.TryOpen(port.Protocol, port.HostAddress.AddressFamily) is not { } socket)
        {
            return port.HostPort != 0
                ? null
                : throw new SuiteException(ErrorKind.InvalidArgument, "publish an SCTP port: this kernel has no SCTP by which to find a free one; say which port of the host it shall be");
        }

        try
        {
            if (port.HostAddress.AddressFamily == AddressFamily.InterNetworkV6)
            {
                socket.DualMode = false; // IPv4 has a socket of its own
            }

            socket.Bind(new IPEndPoint(port.HostAddress, port.HostPort));
            if (socket.SocketType == SocketType.Stream)
            {
                // Bound sockets with SO_REUSEADDR, which .NET sets so that old connections in TIME_WAIT do not stand in the way,
                // may share a port until one listens.
                socket.Listen(port.IsForwarded ? 128 : 1);
            }

            return new PortSocket(socket);
        }
        catch (SocketException e)
        {
            socket.Dispose();
            throw e.SocketErrorCode switch
            {
                SocketError.AddressAlreadyInUse => Taken(port, $"{PortOwner.Find(port) ?? "another process"} listens on it; stop it or choose another port"),
                SocketError.AddressNotAvailable => new SuiteException(
                    ErrorKind.InvalidArgument, $"publish port {port}: {port.HostAddress} is not an address of this host", e),
                _ => new SuiteException(ErrorKind.Internal, $"publish port {port}: {e.Message}", e),
            };
        }
    }

    /// <summary>Begins to pass on what reaches the socket, if anything can.</summary>
    public void Serve(PublishedPort port)
    {
        if (port.IsForwarded)
        {
            _forwarder = new PortForwarder(_socket, port.Protocol, new IPEndPoint(port.ContainerAddress, port.ContainerPort));
        }
    }

    public void Dispose()
    {
        _forwarder?.Dispose();
        _socket.Dispose();
    }

    public static SuiteException Taken(PublishedPort port, string why) =>
        new(ErrorKind.AlreadyExists, $"port {port.HostPort}/{port.Protocol.ToString().ToLowerInvariant()} of the host is taken: {why}");
}
