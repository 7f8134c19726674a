using System.Collections.Concurrent;
using Suite.Linux.Errors;
using Suite.Runtime.Peers;

namespace Suite.Runtime.Statistics;

/// <summary>
/// What containers wrote over their images. Measuring is a walk over the files in another service, so the first look waits for
/// it, and later ones get the last figure while an old one is measured anew behind them, one container at a time.
/// </summary>
internal sealed class WritableLayers(ImagePeer images, TimeProvider time) : IDisposable
{
    private static readonly TimeSpan Fresh = TimeSpan.FromSeconds(30);

    private readonly ConcurrentDictionary<string, LayerUsage> _known = new();
    private readonly ConcurrentDictionary<string, bool> _measuring = new();
    private readonly SemaphoreSlim _turn = new(1, 1);

    /// <returns>Null when the image service does not know, or does not answer.</returns>
    public async ValueTask<LayerUsage?> OfAsync(string containerId, CancellationToken cancellationToken)
    {
        if (!_known.TryGetValue(containerId, out var known))
            return await MeasureAsync(containerId, cancellationToken).ConfigureAwait(false);
        if (time.NowNanoseconds() - known.At > Fresh.Ticks * 100 && _measuring.TryAdd(containerId, true))
            _ = MeasureBehindAsync(containerId);
        return known;
    }

    public void Forget(string containerId) => _known.TryRemove(containerId, out _);

    public void Dispose() => _turn.Dispose();

    private async Task MeasureBehindAsync(string containerId)
    {
        await _turn.WaitAsync().ConfigureAwait(false);
        try
        {
            await MeasureAsync(containerId, CancellationToken.None).ConfigureAwait(false);
        }
        finally
        {
            _measuring.TryRemove(containerId, out _);
            _turn.Release();
        }
    }

    private async Task<LayerUsage?> MeasureAsync(string containerId, CancellationToken cancellationToken)
    {
        try
        {
            var (bytes, inodes) = await images.UsageAsync(containerId, cancellationToken).ConfigureAwait(false);
            return _known[containerId] = new LayerUsage(bytes, inodes, time.NowNanoseconds());
        }
        catch (SuiteException unknown) when (unknown.Kind is ErrorKind.NotFound or ErrorKind.Unavailable)
        {
            _known.TryRemove(containerId, out _);
            return null;
        }
    }
}
