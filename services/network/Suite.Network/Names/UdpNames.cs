using System.Net;
using System.Net.Sockets;

namespace Suite.Network.Names;

/// <summary>Answers queries that come by UDP to one address.</summary>
internal sealed class UdpNames : IDisposable
{
    private const int LongestQuery = 4096;

    private readonly Socket _socket;
    private readonly NameResolver _resolver;
    private readonly CancellationTokenSource _stopping = new();
    private readonly CancellationToken _stop;

    public UdpNames(IPEndPoint address, NameResolver resolver)
    {
        (_resolver, _stop) = (resolver, _stopping.Token);
        _socket = new Socket(address.AddressFamily, SocketType.Dgram, ProtocolType.Udp);
        try
        {
            _socket.Bind(address);
        }
        catch
        {
            Dispose();
            throw;
        }

        _ = ReceiveAsync(new IPEndPoint(address.AddressFamily == AddressFamily.InterNetworkV6 ? IPAddress.IPv6Any : IPAddress.Any, 0));
    }

    public void Dispose()
    {
        _stopping.Cancel();
        _stopping.Dispose();
        _socket.Dispose();
    }

    private async Task ReceiveAsync(IPEndPoint anyone)
    {
        var buffer = new byte[LongestQuery];
        while (!_stop.IsCancellationRequested)
        {
            try
            {
                var got = await _socket.ReceiveFromAsync(buffer, anyone, _stop);
                // What needs asking others goes on by itself; a copy, for the next query overwrites this one.
                _ = AnswerAsync(buffer.AsSpan(0, got.ReceivedBytes).ToArray(), (IPEndPoint)got.RemoteEndPoint);
            }
            catch (SocketException e) when (e.SocketErrorCode is not SocketError.OperationAborted and not SocketError.Interrupted)
            {
                // One client's trouble (an unreachable port, a datagram too long) is not the others'.
            }
            catch (Exception e) when (e is SocketException or ObjectDisposedException or OperationCanceledException)
            {
                return;
            }
        }
    }

    private async Task AnswerAsync(byte[] query, IPEndPoint client)
    {
        try
        {
            if (await _resolver.AnswerAsync(query, client.Address, overTcp: false, _stop) is { } answer)
            {
                await _socket.SendToAsync(answer, client, _stop);
            }
        }
        catch (Exception e) when (e is SocketException or ObjectDisposedException or OperationCanceledException)
        {
            // The client has gone, or we are going: it asks again.
        }
    }
}
