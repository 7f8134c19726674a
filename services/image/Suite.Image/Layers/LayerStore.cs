using Suite.Image.Blobs;
using Suite.Image.Graph.Drivers;
using Suite.Image.Records;
using Suite.Linux.Errors;
using Suite.Oci.References;

namespace Suite.Image.Layers;

/// <summary>
/// Hands out layers by their key and makes each only once, however many pulls want it at the same time.
/// A layer in use by a pull or a build is held; one that is neither held nor named by an image or a root file system is removed.
/// </summary>
internal sealed class LayerStore(IGraphDriver driver, BlobStore blobs, ImageDatabase database)
{
    private readonly Dictionary<Digest, Held> _held = [];

    /// <param name="below">The layers under it, lowest first, all held or recorded.</param>
    /// <param name="diffId">The digest of the uncompressed layer.</param>
    /// <param name="fill">Fills the layer's draft; not called when the layer exists.</param>
    public async Task<LayerLease> AcquireAsync(
        IReadOnlyList<(Digest DiffId, string Id)> below, Digest diffId, Func<ILayerDraft, CancellationToken, Task> fill, CancellationToken cancellationToken)
    {
        var key = LayerKey.Of(driver.LayersAreIndependent, below.Select(b => b.DiffId), diffId);
        var held = Hold(key);
        try
        {
            await held.Gate.WaitAsync(cancellationToken).ConfigureAwait(false);
            try
            {
                var existed = held.Id is not null || await FindAsync(key, held, cancellationToken).ConfigureAwait(false);
                if (!existed)
                {
                    // Short, as the ids of all layers share a page of mount options; random, so that a removal under way cannot meet it.
                    var id = Convert.ToHexStringLower(System.Security.Cryptography.RandomNumberGenerator.GetBytes(6));
                    using var draft = driver.CreateLayer(id, [.. below.Select(b => b.Id)]);
                    await fill(draft, cancellationToken).ConfigureAwait(false);
                    draft.Commit();
                    held.Id = id;
                }

                return new LayerLease(this, key, diffId, held.Id!, existed);
            }
            finally
            {
                held.Gate.Release();
            }
        }
        catch
        {
            Release(key);
            throw;
        }
    }

    /// <summary>
    /// Returns when layers and their blobs are on the disk: once an image, before the record that names them. A record of an image with
    /// empty files is what others suffer from after a power cut.
    /// </summary>
    public void Sync(IEnumerable<LayerLease> leases, IEnumerable<Digest> brought)
    {
        // A recorded layer was written before it was recorded, unless only the cache of builds knows it.
        LayerLease[] made = [.. leases.Where(l => !IsDurable(l.Key))];
        driver.Sync([.. made.Select(l => l.Id).Distinct()]);
        blobs.Sync([.. brought.Distinct()]);
        foreach (var lease in made) lease.Usage = driver.LayerUsage(lease.Id);
    }

    /// <summary>To be called when the database names the layers: from now on they outlive their leases.</summary>
    public void Recorded(IEnumerable<LayerLease> leases)
    {
        lock (_held)
        {
            foreach (var lease in leases) _held[lease.Key].Recorded = _held[lease.Key].Durable = true;
        }
    }

    /// <summary>To be called when the cache of builds names the layer: it outlives its lease, and is not on the disk for sure.</summary>
    public void Cached(LayerLease lease)
    {
        lock (_held) _held[lease.Key].Recorded = true;
    }

    /// <summary>Removes layers and blobs that nothing names any more.</summary>
    public Task CollectAsync(CancellationToken cancellationToken) => CollectAsync(blobs.Remove, cancellationToken);

    /// <summary>After a failure: what it brought goes, unless something else names it. To be called with nothing held any more.</summary>
    /// <param name="mayContinue">Nothing was wrong with what came: blobs are set aside for another attempt.</param>
    public async Task AbandonAsync(IReadOnlyCollection<Digest> brought, bool mayContinue = false)
    {
        await database.WriteAsync(
            s =>
            {
                foreach (var blob in brought) s.Execute("INSERT OR IGNORE INTO orphan_blobs (blob) VALUES ($1)", blob.ToString());
            },
            CancellationToken.None).ConfigureAwait(false);
        await CollectAsync(
            blob =>
            {
                if (mayContinue && brought.Contains(blob)) blobs.SetAside(blob);
                else blobs.Remove(blob);
            },
            CancellationToken.None).ConfigureAwait(false);
        if (!mayContinue) blobs.Begun.Forget(brought);
    }

    private async Task CollectAsync(Action<Digest> removeBlob, CancellationToken cancellationToken)
    {
        var gone = await database.CollectAsync(IsHeld, blobs.IsHeld, removeBlob, cancellationToken).ConfigureAwait(false);
        foreach (var id in gone) driver.RemoveLayer(id);
    }

    internal void Release(Digest key)
    {
        string? orphan = null;
        lock (_held)
        {
            var held = _held[key];
            if (--held.Holders > 0) return;
            _held.Remove(key);
            if (!held.Recorded) orphan = held.Id;
        }

        if (orphan is not null) driver.RemoveLayer(orphan);
    }

    private bool IsDurable(Digest key)
    {
        lock (_held) return _held.TryGetValue(key, out var held) && held.Durable;
    }

    private bool IsHeld(Digest key)
    {
        lock (_held) return _held.ContainsKey(key);
    }

    private Held Hold(Digest key)
    {
        lock (_held)
        {
            if (!_held.TryGetValue(key, out var held)) _held.Add(key, held = new Held());
            held.Holders++;
            return held;
        }
    }

    private async Task<bool> FindAsync(Digest key, Held held, CancellationToken cancellationToken)
    {
        // In the writers' turn: a removal decided before we held the layer is then visible.
        if (await database.FindLayerInTurnAsync(key, cancellationToken).ConfigureAwait(false) is not ({ } id, var durable)) return false;
        if (!driver.HasLayer(id))
            throw new SuiteException(ErrorKind.Corrupt, $"The layer {key} is recorded but its files are gone: remove the images that use it and pull again.");
        (held.Id, held.Recorded, held.Durable) = (id, true, durable);
        return true;
    }

    private sealed class Held
    {
        public SemaphoreSlim Gate { get; } = new(1, 1);

        public int Holders { get; set; }

        public string? Id { get; set; }

        public bool Recorded { get; set; }

        public bool Durable { get; set; }
    }
}
