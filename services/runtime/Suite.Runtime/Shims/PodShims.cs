using System.Collections.Concurrent;
using System.Threading.Channels;
using Suite.Linux.Errors;
using Suite.Runtime.Exec.Shims;

namespace Suite.Runtime.Shims;

/// <summary>A thing that a pod's shim said, or, without an event, that the shim is gone.</summary>
internal readonly record struct PodEvent(string PodId, ShimEvent? Event);

/// <summary>The connections to the shims of all pods that have one, and what they report, in order.</summary>
internal sealed class PodShims(ShimLauncher launcher) : IAsyncDisposable
{
    // Unbounded on purpose: an exit must not be lost, and there is at most one for each process started.
    private readonly Channel<PodEvent> _events = Channel.CreateUnbounded<PodEvent>(new() { SingleReader = true });
    private readonly ConcurrentDictionary<string, ShimConnection> _connections = new();

    public ChannelReader<PodEvent> Events => _events.Reader;

    /// <summary>A shim that has no pod yet, most often a spare one.</summary>
    public Task<ShimConnection> LaunchAsync(CancellationToken cancellationToken) => launcher.LaunchAsync(cancellationToken);

    /// <summary>From here on the shim is the pod's, and its events are read.</summary>
    public void Adopt(string podId, ShimConnection connection)
    {
        _connections[podId] = connection;
        _ = PumpAsync(podId, connection);
    }

    public ShimConnection? Find(string podId) => _connections.GetValueOrDefault(podId);

    public ShimConnection Of(string podId) =>
        Find(podId) ?? throw new SuiteException(ErrorKind.Unavailable, $"the shim of pod {podId} does not answer; if it is gone, its containers are too: remove the pod and run it again");

    /// <summary>Ends the pod's shim and all that it holds. The pod's events stop first: what follows is no surprise.</summary>
    public async Task ShutdownAsync(string podId, CancellationToken cancellationToken)
    {
        if (!_connections.TryRemove(podId, out var connection))
            return;
        await using (connection.ConfigureAwait(false))
            await connection.ShutdownAsync(cancellationToken).ConfigureAwait(false);
    }

    public async ValueTask DisposeAsync()
    {
        // Forgotten first: that they end now is no loss to report.
        var ending = _connections.Values.ToArray();
        _connections.Clear();
        foreach (var connection in ending)
            await connection.DisposeAsync().ConfigureAwait(false);
        _events.Writer.TryComplete();
        await launcher.DisposeAsync().ConfigureAwait(false);
    }

    private async Task PumpAsync(string podId, ShimConnection connection)
    {
        await foreach (var happened in connection.Events.ReadAllAsync(CancellationToken.None).ConfigureAwait(false))
            _events.Writer.TryWrite(new PodEvent(podId, happened));
        // Gone without having been asked to: killed, or crashed.
        if (_connections.TryRemove(new(podId, connection)))
        {
            await connection.DisposeAsync().ConfigureAwait(false);
            _events.Writer.TryWrite(new PodEvent(podId, null));
        }
    }
}
