using System.Buffers;
using System.Collections.Concurrent;
using System.Net;
using System.Net.Sockets;

namespace Suite.Network.Bridge.Ports;

/// <summary>
/// Passes on what the kernel cannot translate: connections to ::1, and from one family of addresses to the other. It serves the
/// very socket that holds the port, so an idle port costs nothing more. Bounded: what is too much waits or is dropped, as UDP may be.
/// </summary>
internal sealed class PortForwarder : IDisposable
{
    private const int MostConnections = 256;
    private const int MostClients = 256;
    private const int BufferBytes = 32 << 10;
    private static readonly TimeSpan ConnectPatience = TimeSpan.FromSeconds(10);
    private static readonly TimeSpan ClientPatience = TimeSpan.FromSeconds(60);

    private readonly Socket _socket;
    private readonly PortProtocol _protocol;
    private readonly IPEndPoint _target;
    private readonly CancellationTokenSource _stopping = new();
    private readonly CancellationToken _stop;
    private readonly ConcurrentDictionary<EndPoint, Socket> _clients = new();

    /// <summary>Works until it or the socket is disposed.</summary>
    public PortForwarder(Socket socket, PortProtocol protocol, IPEndPoint target)
    {
        (_socket, _protocol, _target, _stop) = (socket, protocol, target, _stopping.Token);
        _ = socket.SocketType == SocketType.Stream ? AcceptAsync() : ReceiveAsync();
    }

    public void Dispose()
    {
        _stopping.Cancel();
        _stopping.Dispose();
    }

    private async Task AcceptAsync()
    {
        var room = new SemaphoreSlim(MostConnections);
        while (!_stop.IsCancellationRequested)
        {
            try
            {
                await room.WaitAsync(_stop);
                var client = await _socket.AcceptAsync(_stop);
                _ = PassAsync(client, room);
            }
            catch (SocketException e) when (e.SocketErrorCode is SocketError.ConnectionReset or SocketError.ConnectionAborted or SocketError.TooManyOpenSockets)
            {
                room.Release(); // this one client is gone, or gets no answer; the next one may
            }
            catch (Exception e) when (e is SocketException or ObjectDisposedException or OperationCanceledException)
            {
                return;
            }
        }
    }

    private async Task PassAsync(Socket client, SemaphoreSlim room)
    {
        try
        {
            using (client)
            using (var server = PortSockets.TryOpen(_protocol, _target.AddressFamily)!)
            {
                using (var patience = CancellationTokenSource.CreateLinkedTokenSource(_stop))
                {
                    patience.CancelAfter(ConnectPatience);
                    await server.ConnectAsync(_target, patience.Token);
                }

                PortSockets.SetNoDelay(_protocol, client);
                PortSockets.SetNoDelay(_protocol, server);
                await Task.WhenAll(CopyAsync(client, server), CopyAsync(server, client));
            }
        }
        catch (Exception e) when (e is SocketException or ObjectDisposedException or OperationCanceledException)
        {
            // Either end has gone: the other one sees its connection end too.
        }
        finally
        {
            room.Release();
        }
    }

    /// <summary>One direction. The end of one is passed on as such, for a client may close its half and wait for the answer.</summary>
    private async Task CopyAsync(Socket from, Socket to)
    {
        var buffer = new byte[BufferBytes];
        try
        {
            int length;
            while ((length = await from.ReceiveAsync(buffer, _stop)) > 0)
            {
                for (int sent = 0; sent < length;)
                {
                    sent += await to.SendAsync(buffer.AsMemory(sent, length - sent), _stop);
                }
            }

            to.Shutdown(SocketShutdown.Send);
        }
        catch
        {
            from.Dispose();
            to.Dispose();
            throw;
        }
    }

    private async Task ReceiveAsync()
    {
        var anyone = new IPEndPoint(_socket.AddressFamily == AddressFamily.InterNetworkV6 ? IPAddress.IPv6Any : IPAddress.Any, 0);
        var peek = new byte[1];
        while (!_stop.IsCancellationRequested)
        {
            try
            {
                // An idle port waits with one byte; the largest datagram's buffer is borrowed when there is one.
                var client = (await _socket.ReceiveFromAsync(peek, SocketFlags.Peek, anyone, _stop)).RemoteEndPoint;
                using var buffer = MemoryPool<byte>.Shared.Rent(ushort.MaxValue);
                int length = (await _socket.ReceiveFromAsync(buffer.Memory, anyone, _stop)).ReceivedBytes;
                if (ServerFor(client) is { } server)
                {
                    await server.SendAsync(buffer.Memory[..length], _stop);
                }
            }
            catch (SocketException e) when (e.SocketErrorCode is SocketError.ConnectionRefused or SocketError.ConnectionReset)
            {
                // Nobody serves the port in the sandbox at present.
            }
            catch (Exception e) when (e is SocketException or ObjectDisposedException or OperationCanceledException)
            {
                return;
            }
        }
    }

    private Socket? ServerFor(EndPoint client)
    {
        if (_clients.TryGetValue(client, out var known))
        {
            return known;
        }

        if (_clients.Count >= MostClients)
        {
            return null;
        }

        var server = new Socket(_target.AddressFamily, SocketType.Dgram, ProtocolType.Udp);
        server.Connect(_target);
        _clients[client] = server;
        _ = AnswerAsync(client, server);
        return server;
    }

    /// <summary>Sends the sandbox's answers back to one client, until neither has said anything for a while.</summary>
    private async Task AnswerAsync(EndPoint client, Socket server)
    {
        var buffer = new byte[ushort.MaxValue];
        try
        {
            while (true)
            {
                using var patience = CancellationTokenSource.CreateLinkedTokenSource(_stop);
                patience.CancelAfter(ClientPatience);
                int length = await server.ReceiveAsync(buffer, patience.Token);
                await _socket.SendToAsync(buffer.AsMemory(0, length), client, _stop);
            }
        }
        catch (Exception e) when (e is SocketException or ObjectDisposedException or OperationCanceledException)
        {
            _clients.TryRemove(client, out _);
            server.Dispose();
        }
    }
}
