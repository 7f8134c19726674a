using System.Net.Sockets;
using Suite.Linux.Native;

namespace Suite.Network.Bridge.Ports;

/// <summary>Sockets of the three protocols that a port can be published for.</summary>
public static class PortSockets
{
    /// <summary>Whether something can be passed on by a socket of this protocol. Asking for SCTP makes the kernel load it.</summary>
    public static bool Has(PortProtocol protocol)
    {
        using var socket = protocol == PortProtocol.Sctp ? TryOpen(protocol, AddressFamily.InterNetwork) : null;
        return protocol != PortProtocol.Sctp || socket is not null;
    }

    /// <returns>Null: this kernel has no SCTP.</returns>
    internal static Socket? TryOpen(PortProtocol protocol, AddressFamily family) => protocol switch
    {
        PortProtocol.Tcp => new Socket(family, SocketType.Stream, ProtocolType.Tcp),
        PortProtocol.Udp => new Socket(family, SocketType.Dgram, ProtocolType.Udp),
        _ => SctpCalls.TryOpen(family),
    };

    internal static void SetNoDelay(PortProtocol protocol, Socket socket)
    {
        if (protocol == PortProtocol.Sctp)
        {
            SctpCalls.SetNoDelay(socket);
        }
        else
        {
            socket.NoDelay = true;
        }
    }
}
