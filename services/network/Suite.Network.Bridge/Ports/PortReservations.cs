using System.Net;
using System.Net.Sockets;
using Suite.Linux.Errors;

namespace Suite.Network.Bridge.Ports;

/// <summary>
/// Holds every published port by a socket of our own, bound in the host's namespace. Translation happens before a packet
/// reaches any socket, so these never see traffic; what they do is make the kernel refuse the port to others, and us to take
/// it from others, at once and without a race. Reading /proc/net first would leave a gap, and hold nothing afterwards.
/// </summary>
public sealed class PortReservations : IDisposable
{
    private readonly Lock _lock = new();
    private readonly Dictionary<(PortProtocol Protocol, IPAddress Address, ushort Port), (string Owner, Socket? Socket)> _held = [];

    /// <summary>
    /// Reserves the ports for <paramref name="owner"/>, all or none. A host port of 0 is replaced by a free one of the kernel's choice.
    /// </summary>
    public IReadOnlyList<PublishedPort> Reserve(string owner, IReadOnlyList<PublishedPort> ports)
    {
        lock (_lock)
        {
            var reserved = new List<PublishedPort>();
            try
            {
                foreach (var port in ports)
                {
                    reserved.Add(Reserve(owner, port));
                }

                return reserved;
            }
            catch
            {
                ReleaseHeld(reserved);
                throw;
            }
        }
    }

    public void Release(IEnumerable<PublishedPort> ports)
    {
        lock (_lock)
        {
            ReleaseHeld(ports);
        }
    }

    public void Dispose()
    {
        lock (_lock)
        {
            foreach (var (_, socket) in _held.Values)
            {
                socket?.Dispose();
            }

            _held.Clear();
        }
    }

    private PublishedPort Reserve(string owner, PublishedPort port)
    {
        if (OwnerOf(port) is { } other)
        {
            throw Taken(port, $"{other} has published it; choose another port, or remove {other} first");
        }

        var socket = Bind(port);
        if (socket is not null && port.HostPort == 0)
        {
            port = port with { HostPort = (ushort)((IPEndPoint)socket.LocalEndPoint!).Port };
        }

        _held.Add(KeyOf(port), (owner, socket));
        return port;
    }

    private void ReleaseHeld(IEnumerable<PublishedPort> ports)
    {
        foreach (var port in ports)
        {
            if (_held.Remove(KeyOf(port), out var held))
            {
                held.Socket?.Dispose();
            }
        }
    }

    /// <summary>Which of ours has the port: on the same address, or one of the two on all of them.</summary>
    private string? OwnerOf(PublishedPort port)
    {
        var (protocol, address, number) = KeyOf(port);
        foreach (var (key, (owner, _)) in _held)
        {
            if (key.Protocol == protocol && key.Port == number && number != 0
                && (key.Address.Equals(address) || key.Address.Equals(IPAddress.Any) || address.Equals(IPAddress.Any)))
            {
                return owner;
            }
        }

        return null;
    }

    /// <returns>Null for SCTP, whose module a host may lack: there only our own ports are told apart.</returns>
    private static Socket? Bind(PublishedPort port)
    {
        if (port.Protocol == PortProtocol.Sctp)
        {
            return port.HostPort != 0
                ? null
                : throw new SuiteException(ErrorKind.InvalidArgument, "publish an SCTP port: say which port of the host it shall be");
        }

        bool tcp = port.Protocol == PortProtocol.Tcp;
        var socket = new Socket(AddressFamily.InterNetwork, tcp ? SocketType.Stream : SocketType.Dgram, tcp ? ProtocolType.Tcp : ProtocolType.Udp);
        try
        {
            socket.Bind(new IPEndPoint(port.HostAddress ?? IPAddress.Any, port.HostPort));
            if (tcp)
            {
                // Bound sockets with SO_REUSEADDR, which .NET sets so that old connections in TIME_WAIT do not stand in the way,
                // may share a port until one listens.
                socket.Listen(1);
            }

            return socket;
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

    private static (PortProtocol Protocol, IPAddress Address, ushort Port) KeyOf(PublishedPort port) =>
        (port.Protocol, port.HostAddress ?? IPAddress.Any, port.HostPort);

    private static SuiteException Taken(PublishedPort port, string why) =>
        new(ErrorKind.AlreadyExists, $"port {port.HostPort}/{port.Protocol.ToString().ToLowerInvariant()} of the host is taken: {why}");
}
