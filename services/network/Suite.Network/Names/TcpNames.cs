using System.Net;
using System.Net.Sockets;

namespace Suite.Network.Names;

/// <summary>
/// Answers queries that come by TCP to one address. No client can hold it up: each has a time limit for every message, a number of
/// connections and of messages on each, and all together have a limit too.
/// </summary>
internal sealed class TcpNames : IDisposable
{
    private const int MostConnections = 128;
    private const int MostOfOneClient = 8;
    private const int MostMessages = 100;
    private const int LongestQuery = 4096;
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(5);

    private readonly Socket _socket;
    private readonly NameResolver _resolver;
    private readonly Dictionary<IPAddress, int> _clients = [];
    private readonly CancellationTokenSource _stopping = new();
    private readonly CancellationToken _stop;

    public TcpNames(IPEndPoint address, NameResolver resolver)
    {
        (_resolver, _stop) = (resolver, _stopping.Token);
        _socket = new Socket(address.AddressFamily, SocketType.Stream, ProtocolType.Tcp);
        try
        {
            _socket.Bind(address);
            _socket.Listen();
        }
        catch
        {
            Dispose();
            throw;
        }

        _ = AcceptAsync();
    }

    public void Dispose()
    {
        _stopping.Cancel();
        _stopping.Dispose();
        _socket.Dispose();
    }

    private async Task AcceptAsync()
    {
        while (!_stop.IsCancellationRequested)
        {
            try
            {
                var connection = await _socket.AcceptAsync(_stop);
                var client = ((IPEndPoint)connection.RemoteEndPoint!).Address;
                if (TryEnter(client))
                {
                    _ = ServeAsync(connection, client);
                }
                else
                {
                    connection.Dispose();
                }
            }
            catch (SocketException e) when (e.SocketErrorCode is not SocketError.OperationAborted and not SocketError.Interrupted)
            {
                // A client that was gone before it was accepted.
            }
            catch (Exception e) when (e is SocketException or ObjectDisposedException or OperationCanceledException)
            {
                return;
            }
        }
    }

    private async Task ServeAsync(Socket connection, IPAddress client)
    {
        try
        {
            await using var stream = new NetworkStream(connection, ownsSocket: true);
            for (int messages = 0; messages < MostMessages; messages++)
            {
                using var patience = CancellationTokenSource.CreateLinkedTokenSource(_stop);
                patience.CancelAfter(Patience);
                if (await TcpMessage.ReadAsync(stream, LongestQuery, patience.Token) is not { } query
                    || await _resolver.AnswerAsync(query, client, overTcp: true, patience.Token) is not { } answer)
                {
                    return;
                }

                await TcpMessage.WriteAsync(stream, answer, patience.Token);
            }
        }
        catch (Exception e) when (e is IOException or SocketException or ObjectDisposedException or OperationCanceledException)
        {
            // Too slow, or gone.
        }
        finally
        {
            Leave(client);
        }
    }

    private bool TryEnter(IPAddress client)
    {
        lock (_clients)
        {
            int connections = _clients.GetValueOrDefault(client);
            if (connections >= MostOfOneClient || _clients.Values.Sum() >= MostConnections)
            {
                return false;
            }

            _clients[client] = connections + 1;
            return true;
        }
    }

    private void Leave(IPAddress client)
    {
        lock (_clients)
        {
            if (--_clients[client] == 0)
            {
                _clients.Remove(client);
            }
        }
    }
}
