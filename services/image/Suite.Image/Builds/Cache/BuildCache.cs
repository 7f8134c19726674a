using Suite.Image.Blobs;
using Suite.Image.Graph.Drivers;
using Suite.Image.Layers;
using Suite.Image.Records;
using Suite.Linux.Errors;
using Suite.Oci.References;

namespace Suite.Image.Builds.Cache;

/// <summary>
/// Steps that were done before, by a key of all that they depend on: shared by builds, kept over restarts. Two builds that need the same
/// step at the same time do it once.
/// </summary>
internal sealed class BuildCache(ImageDatabase database, LayerStore layers, BlobStore blobs, IGraphDriver driver, TimeProvider time)
{
    private readonly KeyedGates _gates = new();

    /// <param name="keys">The first that is known counts; all are recorded.</param>
    /// <param name="below">The layers that the step starts from, lowest first.</param>
    /// <param name="make">Does the step; null: no file changes.</param>
    public async Task<CachedStep> RunAsync(
        IReadOnlyList<Digest> keys, IReadOnlyList<LayerRecord> below, string what, bool fresh, Func<CancellationToken, Task<WrittenLayer?>> make, CancellationToken cancellationToken)
    {
        if (!fresh && await FindAsync(keys, below, cancellationToken).ConfigureAwait(false) is { } before) return before;
        using var gate = await _gates.EnterAsync(keys[0], cancellationToken).ConfigureAwait(false);
        // Another build may have done it while this one waited.
        if (!fresh && gate.HadToWait && await FindAsync(keys, below, cancellationToken).ConfigureAwait(false) is { } meanwhile) return meanwhile;
        var layer = await make(cancellationToken).ConfigureAwait(false);
        return new CachedStep(layer, WasCached: false, await RecordAsync(keys, layer, what).ConfigureAwait(false));
    }

    private async Task<CachedStep?> FindAsync(IReadOnlyList<Digest> keys, IReadOnlyList<LayerRecord> below, CancellationToken cancellationToken)
    {
        foreach (var key in keys)
        {
            if (database.Read(s => CacheQueries.Find(s, key)) is not { } row) continue;
            var created = DateTimeOffset.FromUnixTimeSeconds(row.Created);
            if (row.LayerKey is null) return new CachedStep(null, WasCached: true, created);
            if (await TakeAsync(row, below, cancellationToken).ConfigureAwait(false) is { } layer) return new CachedStep(layer, WasCached: true, created);
        }

        return null;
    }

    /// <summary>Used now: once a build, as each is a write.</summary>
    public ValueTask TouchAsync(IReadOnlyCollection<Digest> keys, CancellationToken cancellationToken) =>
        keys.Count == 0 ? ValueTask.CompletedTask : database.WriteAsync(s => CacheQueries.Touch(s, keys, Now), cancellationToken);

    private async Task<DateTimeOffset> RecordAsync(IReadOnlyList<Digest> keys, WrittenLayer? layer, string what)
    {
        var now = Now;
        if (layer is not null) layer.Lease.Usage = driver.LayerUsage(layer.Lease.Id);
        await database.WriteAsync(
            s =>
            {
                foreach (var key in keys) CacheQueries.Add(s, key, layer?.Lease.ToRecord(layer.Blob), what, now);
            },
            CancellationToken.None).ConfigureAwait(false);
        if (layer is not null) layers.Cached(layer.Lease);
        return DateTimeOffset.FromUnixTimeSeconds(now);
    }

    private long Now => time.GetUtcNow().ToUnixTimeSeconds();

    private async Task<WrittenLayer?> TakeAsync(CacheRow row, IReadOnlyList<LayerRecord> below, CancellationToken cancellationToken)
    {
        // Held first, then looked for in the writers' turn: a removal decided before is seen then, and a later one sees us.
        var hold = blobs.Hold([row.Blob!.Digest]);
        try
        {
            var lease = await layers.AcquireAsync(
                [.. below.Select(l => (l.DiffId, l.DriverId))], row.DiffId!, static (_, _) => throw new SuiteException(ErrorKind.NotFound, "The layer was pruned."), cancellationToken).ConfigureAwait(false);
            if (blobs.Has(row.Blob.Digest))
            {
                lease.Usage = new Linux.Files.TreeUsage((ulong)Math.Max(0, row.Bytes - row.Blob.Size), 0);
                return new WrittenLayer(lease, row.Blob, hold);
            }

            lease.Dispose();
        }
        catch (SuiteException e) when (e.Kind is ErrorKind.NotFound or ErrorKind.Corrupt)
        {
            // Pruned meanwhile, or damaged: done anew.
        }
        catch
        {
            hold.Dispose();
            throw;
        }

        hold.Dispose();
        return null;
    }
}
