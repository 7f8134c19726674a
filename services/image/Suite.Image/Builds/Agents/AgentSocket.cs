using System.Net.Sockets;

namespace Suite.Image.Builds.Agents;

/// <summary>A unix socket that hands on whoever connects.</summary>
internal sealed class AgentSocket : IDisposable
{
    /// <summary>A command that connects without end has no more than this at once.</summary>
    private const int MostConnections = 64;

    private readonly Socket _listener = new(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
    private readonly SemaphoreSlim _free = new(MostConnections, MostConnections);
    private readonly Func<Socket, Task> _take;
    private readonly HashSet<Socket> _connected = [];

    public AgentSocket(string path, Func<Socket, Task> take)
    {
        (Path, _take) = (path, take);
        _listener.Bind(new UnixDomainSocketEndPoint(path));
        _listener.Listen();
        _ = AcceptAsync();
    }

    public string Path { get; }

    /// <summary>Ends every connection, too.</summary>
    public void Dispose()
    {
        _listener.Dispose();
        lock (_connected)
        {
            foreach (var socket in _connected) socket.Dispose();
        }
    }

    private async Task AcceptAsync()
    {
        try
        {
            while (true)
            {
                await _free.WaitAsync().ConfigureAwait(false);
                var connected = await _listener.AcceptAsync().ConfigureAwait(false);
                lock (_connected) _connected.Add(connected);
                _ = ServeAsync(connected);
            }
        }
        catch (Exception e) when (e is SocketException or ObjectDisposedException or OperationCanceledException)
        {
            // Disposed: nobody is served any more.
        }
    }

    private async Task ServeAsync(Socket connected)
    {
        try
        {
            await _take(connected).ConfigureAwait(false);
        }
        finally
        {
            lock (_connected) _connected.Remove(connected);
            _free.Release();
        }
    }
}
