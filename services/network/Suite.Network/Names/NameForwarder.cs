using System.Buffers;
using System.Buffers.Binary;
using System.Net;
using System.Net.Sockets;
using System.Security.Cryptography;

namespace Suite.Network.Names;

/// <summary>
/// Asks servers outside what is not ours to know. Each question has a socket and a number of its own, so that nobody can slip in an
/// answer who does not see the question. Bounded: what is too much is answered "server failure", which clients repeat.
/// </summary>
internal sealed class NameForwarder(HostServers host) : IDisposable
{
    private const int MostAtOnce = 512;
    private const int Port = 53;
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(2); // a server; clients themselves wait five (resolv.conf(5))

    private readonly SemaphoreSlim _room = new(MostAtOnce, MostAtOnce);

    /// <returns>The answer with the query's own number; null when no server gave one.</returns>
    public async Task<byte[]?> AskAsync(ReadOnlyMemory<byte> query, NameClient? client, bool overTcp, IReadOnlyCollection<IPAddress> ours, CancellationToken cancellationToken)
    {
        var servers = client is { Servers.Length: > 0 }
            ? [.. client.Servers.Select(server => IPAddress.TryParse(server, out var address) ? address : null).OfType<IPAddress>()]
            : host.Servers;
        if (!_room.Wait(0, CancellationToken.None))
        {
            return null;
        }

        try
        {
            // A host that asks us would be asked back by us, for ever.
            foreach (var server in servers.Where(server => !ours.Contains(server)))
            {
                if (await TryAskAsync(query, new IPEndPoint(server, Port), overTcp, cancellationToken) is { } answer)
                {
                    return answer;
                }
            }

            return null;
        }
        finally
        {
            _room.Release();
        }
    }

    public void Dispose() => _room.Dispose();

    private static async Task<byte[]?> TryAskAsync(ReadOnlyMemory<byte> query, IPEndPoint server, bool overTcp, CancellationToken cancellationToken)
    {
        using var patience = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        patience.CancelAfter(Patience);
        byte[] question = query.ToArray();
        RandomNumberGenerator.Fill(question.AsSpan(0, 2));
        try
        {
            using var socket = overTcp
                ? new Socket(server.AddressFamily, SocketType.Stream, ProtocolType.Tcp)
                : new Socket(server.AddressFamily, SocketType.Dgram, ProtocolType.Udp);
            await socket.ConnectAsync(server, patience.Token);
            byte[]? answer = overTcp ? await OverTcpAsync(socket, question, patience.Token) : await OverUdpAsync(socket, question, patience.Token);
            if (answer is not null)
            {
                query.Span[..2].CopyTo(answer);
            }

            return answer;
        }
        catch (SocketException)
        {
            return null;
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            return null;
        }
    }

    private static async Task<byte[]?> OverUdpAsync(Socket socket, byte[] question, CancellationToken cancellationToken)
    {
        await socket.SendAsync(question, cancellationToken);
        using var buffer = MemoryPool<byte>.Shared.Rent(ushort.MaxValue);
        while (true)
        {
            int length = await socket.ReceiveAsync(buffer.Memory, cancellationToken);
            if (Answers(buffer.Memory.Span[..length], question))
            {
                return buffer.Memory[..length].ToArray();
            }
        }
    }

    private static async Task<byte[]?> OverTcpAsync(Socket socket, byte[] question, CancellationToken cancellationToken)
    {
        await using var stream = new NetworkStream(socket);
        await TcpMessage.WriteAsync(stream, question, cancellationToken);
        return await TcpMessage.ReadAsync(stream, ushort.MaxValue, cancellationToken) is { } answer && Answers(answer, question) ? answer : null;
    }

    /// <summary>An answer to this very question: its number, the mark of an answer, the same one question (RFC 5452, 9.1).</summary>
    private static bool Answers(ReadOnlySpan<byte> answer, ReadOnlySpan<byte> question)
    {
        if (answer.Length < DnsMessage.HeaderBytes || (answer[2] & 0x80) == 0 || !answer[..2].SequenceEqual(question[..2]))
        {
            return false;
        }

        int ours = DnsMessage.HeaderBytes, theirs = DnsMessage.HeaderBytes;
        // A server that could not read the question need not repeat it.
        return BinaryPrimitives.ReadUInt16BigEndian(answer[4..]) == 0
            || (DnsName.Read(question, ref ours) is { } name && DnsName.Read(answer, ref theirs) == name
                && answer.Length - theirs >= 4 && question.Slice(ours, 4).SequenceEqual(answer.Slice(theirs, 4)));
    }
}
