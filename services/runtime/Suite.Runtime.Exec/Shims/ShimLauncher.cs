using Suite.Linux.Errors;
using Suite.Linux.Handles;
using Suite.Linux.Native;
using static Tmds.Linux.LibC;

namespace Suite.Runtime.Exec.Shims;

/// <summary>
/// Starts shims, and keeps some ready. A shim outlives this process once it has a pod; a spare one ends with it.
/// </summary>
public sealed class ShimLauncher : IAsyncDisposable
{
    private readonly Queue<ShimConnection> _spares = new();
    private readonly SealedExecutable _executable;
    private readonly Lock _lock = new();
    private readonly ITimer _refill;
    private int _starting;
    private bool _refilling;
    private bool _disposed;

    public ShimLauncher(ShimLauncherOptions options)
    {
        Options = options;
        _refill = TimeProvider.System.CreateTimer(_ => Warm(), null, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
        _executable = new SealedExecutable(options.ExecutablePath);
    }

    public ShimLauncherOptions Options { get; }

    /// <summary>Starts the spare shims, in the background.</summary>
    public void Warm()
    {
        lock (_lock)
        {
            _refilling = false;
            for (; !_disposed && _spares.Count + _starting < Options.Spares; _starting++)
                _ = Task.Run(AddSpareAsync);
        }
    }

    /// <summary>A shim without a pod: a spare one if there is one. Call <see cref="ShimConnection.StartPodAsync"/> next.</summary>
    /// <exception cref="SuiteException">The executable is missing or does not start.</exception>
    public async Task<ShimConnection> LaunchAsync(CancellationToken cancellationToken)
    {
        while (Take() is { } spare)
        {
            if (spare.Closed.IsCompleted)
                continue;
            WarmLater();
            return spare;
        }

        WarmLater();
        return await StartAsync(cancellationToken).ConfigureAwait(false);
    }

    /// <summary>Ends the spare shims; those with a pod stay.</summary>
    public async ValueTask DisposeAsync()
    {
        lock (_lock)
            _disposed = true;
        await _refill.DisposeAsync().ConfigureAwait(false);
        while (Take() is { } spare)
            await spare.DisposeAsync().ConfigureAwait(false);
        _executable.Dispose();
    }

    /// <summary>When no spare one was taken for a while: pods that come in a row are not delayed by the spares of those after them.</summary>
    private void WarmLater()
    {
        lock (_lock)
        {
            // With none left it is not put off any further, or a row without end would never have a spare one again.
            if (_disposed || (_refilling && _spares.Count == 0))
                return;
            _refilling = true;
            _refill.Change(Options.RefillDelay, Timeout.InfiniteTimeSpan);
        }
    }

    private ShimConnection? Take()
    {
        lock (_lock)
            return _spares.TryDequeue(out var spare) ? spare : null;
    }

    private async Task AddSpareAsync()
    {
        ShimConnection? spare = null;
        try
        {
            spare = await StartAsync(CancellationToken.None).ConfigureAwait(false);
        }
        catch (SuiteException)
        {
            // The pod that needs one starts it itself, and is told why that fails.
        }

        bool kept;
        lock (_lock)
        {
            _starting--;
            kept = spare is not null && !_disposed;
            if (kept)
                _spares.Enqueue(spare!);
        }

        if (spare is not null && !kept)
            await spare.DisposeAsync().ConfigureAwait(false);
    }

    private async Task<ShimConnection> StartAsync(CancellationToken cancellationToken)
    {
        var (ours, theirs) = ShimSocket.Pair(SOCK_SEQPACKET);
        int pid;
        try
        {
            pid = ShimSpawn.Start(Options.ExecutablePath, _executable.Open(), theirs);
        }
        catch (SuiteException)
        {
            Descriptor.Close(ours);
            throw;
        }
        finally
        {
            Descriptor.Close(theirs);
        }

        var connection = new ShimConnection(new ShimSocket(ours), _ => ShimSpawn.Reap(pid));
        try
        {
            await connection.ReadyAsync(cancellationToken).ConfigureAwait(false);
            return connection;
        }
        catch
        {
            await connection.DisposeAsync().ConfigureAwait(false);
            throw;
        }
    }
}
