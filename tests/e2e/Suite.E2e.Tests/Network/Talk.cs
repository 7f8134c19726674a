using System.Net;
using System.Net.Sockets;
using System.Text;
using Suite.Linux.Namespaces;

namespace Suite.E2e.Tests.Network;

/// <summary>Small talk between namespaces. A socket stays in the namespace where it was made, whoever uses it.</summary>
internal static class Talk
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(1);

    /// <summary>Answers every connection on both families with a word and the caller's address, until it is disposed.</summary>
    public static Socket Serve(string space, int port, string word)
    {
        var listener = In(space, () =>
        {
            var socket = new Socket(AddressFamily.InterNetworkV6, SocketType.Stream, ProtocolType.Tcp) { DualMode = true };
            socket.Bind(new IPEndPoint(IPAddress.IPv6Any, port));
            socket.Listen();
            return socket;
        });
        _ = Task.Run(async () =>
        {
            while (true)
            {
                using var connection = await listener.AcceptAsync();
                var caller = ((IPEndPoint)connection.RemoteEndPoint!).Address;
                await connection.SendAsync(Encoding.ASCII.GetBytes($"{word} {(caller.IsIPv4MappedToIPv6 ? caller.MapToIPv4() : caller)}"));
                connection.Shutdown(SocketShutdown.Both);
            }
        });
        return listener;
    }

    /// <summary>Answers every datagram with a word.</summary>
    public static Socket ServeUdp(string space, int port, string word)
    {
        var socket = In(space, () =>
        {
            var made = new Socket(AddressFamily.InterNetworkV6, SocketType.Dgram, ProtocolType.Udp) { DualMode = true };
            made.Bind(new IPEndPoint(IPAddress.IPv6Any, port));
            return made;
        });
        _ = Task.Run(async () =>
        {
            var buffer = new byte[512];
            while (true)
            {
                var got = await socket.ReceiveFromAsync(buffer, new IPEndPoint(IPAddress.IPv6Any, 0));
                await socket.SendToAsync(Encoding.ASCII.GetBytes(word), got.RemoteEndPoint);
            }
        });
        return socket;
    }

    /// <summary>The word that is served there, asked from inside a namespace.</summary>
    public static async Task<string> AskAsync(string space, IPAddress address, int port) => (await AskFullAsync(space, address, port)).Split(' ')[0];

    /// <summary>The word, and who the server saw asking.</summary>
    public static async Task<string> AskFullAsync(string space, IPAddress address, int port)
    {
        using var socket = In(space, () => new Socket(address.AddressFamily, SocketType.Stream, ProtocolType.Tcp));
        using var limit = new CancellationTokenSource(Patience);
        await socket.ConnectAsync(new IPEndPoint(address, port), limit.Token);
        var buffer = new byte[128];
        int length = await socket.ReceiveAsync(buffer, limit.Token);
        return Encoding.ASCII.GetString(buffer, 0, length);
    }

    public static async Task<byte[]> AskUdpAsync(string space, IPAddress address, int port, byte[] question)
    {
        using var socket = In(space, () => new Socket(address.AddressFamily, SocketType.Dgram, ProtocolType.Udp));
        using var limit = new CancellationTokenSource(Patience);
        await socket.ConnectAsync(new IPEndPoint(address, port), limit.Token);
        await socket.SendAsync(question, limit.Token);
        var buffer = new byte[4096];
        return buffer[..await socket.ReceiveAsync(buffer, limit.Token)];
    }

    public static T In<T>(string space, Func<T> body)
    {
        using var opened = NetworkNamespace.Open(space);
        return opened.Run(body);
    }
}
