using Suite.Image.Blobs;
using Suite.Image.Graph.Drivers;
using Suite.Image.Records;
using Suite.Linux.Errors;
using Suite.Oci.References;

namespace Suite.Image.Layers;

/// <summary>
/// Hands out layers by the digest of their content and makes each only once, however many pulls want it at the same time.
/// A layer in use by a pull or a build is held; one that is neither held nor named by an image or a root file system is removed.
/// </summary>
internal sealed class LayerStore(IGraphDriver driver, BlobStore blobs, ImageDatabase database)
{
    private readonly Dictionary<Digest, Held> _held = [];

    /// <param name="diffId">The digest of the uncompressed layer.</param>
    /// <param name="make">Makes the layer under the given id of the driver; not called when it exists.</param>
    public async Task<LayerLease> AcquireAsync(Digest diffId, Func<string, CancellationToken, Task> make, CancellationToken cancellationToken)
    {
        var held = Hold(diffId);
        try
        {
            await held.Gate.WaitAsync(cancellationToken).ConfigureAwait(false);
            try
            {
                var existed = held.Id is not null || await FindAsync(diffId, held, cancellationToken).ConfigureAwait(false);
                if (!existed)
                {
                    // Short, as the ids of all layers share a page of mount options; random, so that a removal under way cannot meet it.
                    var id = Convert.ToHexStringLower(System.Security.Cryptography.RandomNumberGenerator.GetBytes(6));
                    await make(id, cancellationToken).ConfigureAwait(false);
                    held.Id = id;
                }

                return new LayerLease(this, diffId, held.Id!, existed);
            }
            finally
            {
                held.Gate.Release();
            }
        }
        catch
        {
            Release(diffId);
            throw;
        }
    }

    /// <summary>
    /// Returns when layers and their blobs are on the disk: once an image, before the record that names them. A record of an image with
    /// empty files is what others suffer from after a power cut.
    /// </summary>
    public Task SyncAsync(IEnumerable<LayerLease> leases, IEnumerable<Digest> brought, CancellationToken cancellationToken)
    {
        // A recorded layer was written before it was recorded.
        string[] layers = [.. leases.Where(l => !IsRecorded(l.DiffId)).Select(l => l.Id).Distinct()];
        Digest[] kept = [.. brought.Distinct()];
        // At the same time: the file system then writes its journal once for both.
        return Task.WhenAll(
            Task.Run(() => driver.Sync(layers), cancellationToken), Task.Run(() => blobs.Sync(kept), cancellationToken));
    }

    /// <summary>To be called when the database names the layers: from now on they outlive their leases.</summary>
    public void Recorded(IEnumerable<LayerLease> leases)
    {
        lock (_held)
        {
            foreach (var lease in leases) _held[lease.DiffId].Recorded = true;
        }
    }

    /// <summary>Removes layers and blobs that nothing names any more.</summary>
    public async Task CollectAsync(CancellationToken cancellationToken)
    {
        var gone = await database.CollectAsync(IsHeld, blobs.IsHeld, blobs.Remove, cancellationToken).ConfigureAwait(false);
        foreach (var id in gone) driver.RemoveLayer(id);
    }

    /// <summary>After a failure: what it brought goes, unless something else names it. To be called with nothing held any more.</summary>
    public async Task AbandonAsync(IEnumerable<Digest> brought)
    {
        await database.WriteAsync(
            s =>
            {
                foreach (var blob in brought) s.Execute("INSERT OR IGNORE INTO orphan_blobs (blob) VALUES ($1)", blob.ToString());
            },
            CancellationToken.None).ConfigureAwait(false);
        await CollectAsync(CancellationToken.None).ConfigureAwait(false);
    }

    internal void Release(Digest diffId)
    {
        string? orphan = null;
        lock (_held)
        {
            var held = _held[diffId];
            if (--held.Holders > 0) return;
            _held.Remove(diffId);
            if (!held.Recorded) orphan = held.Id;
        }

        if (orphan is not null) driver.RemoveLayer(orphan);
    }

    private bool IsRecorded(Digest diffId)
    {
        lock (_held) return _held.TryGetValue(diffId, out var held) && held.Recorded;
    }

    private bool IsHeld(Digest diffId)
    {
        lock (_held) return _held.ContainsKey(diffId);
    }

    private Held Hold(Digest diffId)
    {
        lock (_held)
        {
            if (!_held.TryGetValue(diffId, out var held)) _held.Add(diffId, held = new Held());
            held.Holders++;
            return held;
        }
    }

    private async Task<bool> FindAsync(Digest diffId, Held held, CancellationToken cancellationToken)
    {
        // In the writers' turn: a removal decided before we held the layer is then visible.
        if (await database.FindLayerInTurnAsync(diffId, cancellationToken).ConfigureAwait(false) is not { } id) return false;
        if (!driver.HasLayer(id))
            throw new SuiteException(ErrorKind.Corrupt, $"The layer {diffId} is recorded but its files are gone: remove the images that use it and pull again.");
        (held.Id, held.Recorded) = (id, true);
        return true;
    }

    private sealed class Held
    {
        public SemaphoreSlim Gate { get; } = new(1, 1);

        public int Holders { get; set; }

        public string? Id { get; set; }

        public bool Recorded { get; set; }
    }
}
