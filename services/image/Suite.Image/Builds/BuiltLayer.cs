using System.IO.Compression;
using Suite.Image.Blobs;
using Suite.Image.Graph.Compression;
using Suite.Image.Graph.Drivers;
using Suite.Image.Layers;
using Suite.Oci.Images;
using Suite.Oci.References;

namespace Suite.Image.Builds;

/// <summary>A layer that a build made: unpacked and held, and kept compressed.</summary>
internal sealed record BuiltLayer(LayerLease Lease, Descriptor Blob, IDisposable Hold) : IDisposable
{
    public void Dispose()
    {
        Lease.Dispose();
        Hold.Dispose();
    }
}

/// <summary>Turns planned entries into a layer: written once, compressed, hashed both ways, then unpacked by the driver as any other.</summary>
internal sealed class LayerBuild(BlobStore blobs, LayerStore layers, IGraphDriver driver)
{
    public async Task<BuiltLayer> RunAsync(IReadOnlyList<CopyEntry> entries, CopyAttributes attributes, CancellationToken cancellationToken)
    {
        using var draft = blobs.Create();
        var (diffId, blob) = await Task.Run(() => Compress(draft.Content, entries, attributes, cancellationToken), cancellationToken).ConfigureAwait(false);
        var hold = blobs.Hold([blob.Digest]);
        try
        {
            draft.Commit(blob.Digest);
            var lease = await layers.AcquireAsync(diffId, (id, token) => Task.Run(() => Unpack(id, blob.Digest, token), token), cancellationToken).ConfigureAwait(false);
            return new BuiltLayer(lease, blob, hold);
        }
        catch
        {
            hold.Dispose();
            throw;
        }
    }

    private static (Digest DiffId, Descriptor Blob) Compress(
        Stream into, IReadOnlyList<CopyEntry> entries, CopyAttributes attributes, CancellationToken cancellationToken)
    {
        using var compressed = new HashedStream(into);
        Digest diffId;
        using (var gzip = new GZipStream(compressed, CompressionLevel.Fastest, leaveOpen: true))
        using (var plain = new HashedStream(gzip))
        {
            LayerArchive.Write(plain, entries, attributes, cancellationToken);
            diffId = plain.Finish();
        }

        return (diffId, new Descriptor { MediaType = MediaTypes.OciLayerGzip, Digest = compressed.Finish(), Size = compressed.BytesWritten });
    }

    private void Unpack(string id, Digest blob, CancellationToken cancellationToken)
    {
        using var layer = driver.CreateLayer(id, []);
        using var compressed = blobs.Open(blob);
        using var plain = Decompression.Open(compressed);
        layer.Apply(plain, cancellationToken);
        layer.Commit();
    }
}
