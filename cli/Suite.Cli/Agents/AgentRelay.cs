using System.Collections.Concurrent;
using System.Net.Sockets;
using System.Threading.Channels;
using Google.Protobuf;
using Suite.Graph.V1;

namespace Suite.Cli.Agents;

/// <summary>The connections that a build has to the agents here, each by its number.</summary>
/// <param name="sockets">Of the agents, by their ids: a build reaches no other.</param>
/// <param name="tell">Sends a piece to the build.</param>
internal sealed class AgentRelay(IReadOnlyDictionary<string, string> sockets, Func<BuildAgentData, Task> tell) : IDisposable
{
    private const int PieceBytes = 32 << 10;

    // A build that writes faster than an agent reads is cut off, and not kept in memory.
    private const int MostWaiting = 64;

    private readonly ConcurrentDictionary<uint, Channel<ReadOnlyMemory<byte>>> _connections = [];

    /// <summary>Never waits: it is called between the other messages of the build.</summary>
    public void Take(BuildAgentData piece)
    {
        if (piece.Id.Length > 0)
            _ = ServeAsync(piece.Connection, piece.Id);
        else if (_connections.TryGetValue(piece.Connection, out var questions) && (piece.Last || !questions.Writer.TryWrite(piece.Data.Memory)))
            questions.Writer.TryComplete();
    }

    public void Dispose()
    {
        foreach (var questions in _connections.Values)
            questions.Writer.TryComplete();
    }

    private async Task ServeAsync(uint number, string id)
    {
        var questions = Channel.CreateBounded<ReadOnlyMemory<byte>>(MostWaiting);
        _connections[number] = questions;
        try
        {
            using var agent = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
            if (sockets.TryGetValue(id, out var path))
            {
                await agent.ConnectAsync(new UnixDomainSocketEndPoint(path));
                var (asking, answering) = (AskAsync(agent, questions), AnswerAsync(agent, number));
                await Task.WhenAny(asking, answering);
                agent.Dispose();
                questions.Writer.TryComplete();
                await Task.WhenAll(asking, answering);
            }
        }
        catch (Exception e) when (e is SocketException or ObjectDisposedException)
        {
            // The agent is gone, or the build is over.
        }

        _connections.TryRemove(number, out _);
        await TellAsync(new BuildAgentData { Connection = number, Last = true });
    }

    private static async Task AskAsync(Socket agent, Channel<ReadOnlyMemory<byte>> questions)
    {
        await foreach (var question in questions.Reader.ReadAllAsync())
            await agent.SendAsync(question);
    }

    private async Task AnswerAsync(Socket agent, uint number)
    {
        var buffer = new byte[PieceBytes];
        int length;
        while ((length = await agent.ReceiveAsync(buffer)) > 0)
            await TellAsync(new BuildAgentData { Connection = number, Data = ByteString.CopyFrom(buffer, 0, length) });
    }

    private async Task TellAsync(BuildAgentData piece)
    {
        try
        {
            await tell(piece);
        }
        catch (Exception e) when (e is OperationCanceledException or Grpc.Core.RpcException or InvalidOperationException)
        {
            // The build is over.
        }
    }
}
