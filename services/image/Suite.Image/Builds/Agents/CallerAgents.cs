using System.Collections.Concurrent;
using Suite.Image.Builds.Runs;

namespace Suite.Image.Builds.Agents;

/// <summary>
/// The ssh agents that a build's caller lends, by their ids. What connects to a socket here speaks with the agent there, through the call;
/// keys stay where they are, and what is signed is all that travels.
/// </summary>
/// <param name="tell">Sends a piece to the caller.</param>
internal sealed class CallerAgents(IReadOnlyCollection<string> ids, Func<AgentPiece, Task> tell)
{
    private readonly ConcurrentDictionary<uint, AgentConnection> _connections = [];
    private uint _last;

    public static CallerAgents None { get; } = new([], static _ => Task.CompletedTask);

    public bool Has(string id) => ids.Contains(id);

    /// <summary>A socket that leads to an agent until it is disposed.</summary>
    public AgentSocket Listen(string id, string path, uint user, uint group, uint mode)
    {
        var socket = new AgentSocket(path, connected => Begin(id, connected));
        HostFile.Own(path, user, group, mode);
        return socket;
    }

    /// <summary>A piece from the caller; for a connection that is over, it is late and means nothing.</summary>
    public void Receive(AgentPiece piece)
    {
        if (_connections.TryGetValue(piece.Connection, out var connection)) connection.Receive(piece.Data, piece.IsLast);
    }

    /// <summary>The caller sends nothing any more.</summary>
    public void End()
    {
        foreach (var connection in _connections.Values) connection.Receive(default, isLast: true);
    }

    private async Task Begin(string id, System.Net.Sockets.Socket connected)
    {
        var number = Interlocked.Increment(ref _last);
        using var connection = new AgentConnection(connected);
        _connections[number] = connection;
        try
        {
            await tell(new AgentPiece(number, id, default, IsLast: false)).ConfigureAwait(false);
            await connection.RunAsync(data => tell(new AgentPiece(number, "", data, IsLast: false))).ConfigureAwait(false);
            await tell(new AgentPiece(number, "", default, IsLast: true)).ConfigureAwait(false);
        }
        catch (Exception e) when (e is OperationCanceledException or Grpc.Core.RpcException or InvalidOperationException or IOException)
        {
            // The call is over: so is the connection.
        }
        finally
        {
            _connections.TryRemove(number, out _);
        }
    }
}

/// <summary>Bytes of one connection to an agent, either way.</summary>
/// <param name="Id">Which agent, in the first piece of a connection; else empty.</param>
internal sealed record AgentPiece(uint Connection, string Id, ReadOnlyMemory<byte> Data, bool IsLast);
