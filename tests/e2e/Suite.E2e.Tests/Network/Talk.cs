using System.Net;
using System.Net.Sockets;
using System.Text;
using Suite.Linux.Namespaces;

namespace Suite.E2e.Tests.Network;

/// <summary>Small talk between namespaces. A socket stays in the namespace where it was made, whoever uses it.</summary>
internal static class Talk
{
    /// <summary>For what is to answer: on a busy machine a long time. What must not answer is given less.</summary>
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(15);

    /// <summary>For what must not answer, and for tries that are repeated.</summary>
    public static readonly TimeSpan Brief = TimeSpan.FromSeconds(1);

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

    /// <summary>The word that is served there, asked from inside a namespace.</summary>
    public static async Task<string> AskAsync(string space, IPAddress address, int port, TimeSpan? patience = null) =>
        (await AskFullAsync(space, address, port, patience)).Split(' ')[0];

    /// <summary>The word, and who the server saw asking.</summary>
    public static async Task<string> AskFullAsync(string space, IPAddress address, int port, TimeSpan? patience = null)
    {
        using var socket = In(space, () => new Socket(address.AddressFamily, SocketType.Stream, ProtocolType.Tcp));
        using var limit = new CancellationTokenSource(patience ?? Patience);
        await socket.ConnectAsync(new IPEndPoint(address, port), limit.Token);
        var buffer = new byte[128];
        int length = await socket.ReceiveAsync(buffer, limit.Token);
        return Encoding.ASCII.GetString(buffer, 0, length);
    }

    public static T In<T>(string space, Func<T> body)
    {
        using var opened = NetworkNamespace.Open(space);
        return opened.Run(body);
    }
}
