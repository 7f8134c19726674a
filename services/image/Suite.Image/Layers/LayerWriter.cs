using System.IO.Compression;
using Microsoft.Extensions.Options;
using Suite.Image.Blobs;
using Suite.Image.Graph.Compression;
using Suite.Image.Graph.Drivers;
using Suite.Image.Options;
using Suite.Image.Records;
using Suite.Linux.Errors;
using Suite.Oci.Images;
using Suite.Oci.References;

namespace Suite.Image.Layers;

/// <summary>Makes layers that no registry has: written as an archive, compressed, hashed both ways, then unpacked by the driver as any other.</summary>
internal sealed class LayerWriter(BlobStore blobs, LayerStore layers, IOptions<ImageOptions> options)
{
    /// <param name="below">Lowest first.</param>
    /// <param name="write">Writes the uncompressed archive; runs on a thread of its own.</param>
    public async Task<WrittenLayer> WriteAsync(IReadOnlyList<LayerRecord> below, Action<Stream> write, CancellationToken cancellationToken)
    {
        using var draft = blobs.Create();
        var (diffId, blob) = await Task.Run(() => Compress(draft.Content, write), cancellationToken).ConfigureAwait(false);
        return await KeepAsync(below, draft, blob, diffId, cancellationToken).ConfigureAwait(false);
    }

    /// <summary>A layer from a file, compressed or not. What is compressed stays as it is, what is not is compressed.</summary>
    /// <param name="diffId">What the archive must hash to.</param>
    public async Task<WrittenLayer> TakeAsync(
        IReadOnlyList<LayerRecord> below, string file, Digest diffId, Digest? expected, CancellationToken cancellationToken)
    {
        var layer = await IsPlainAsync(file, cancellationToken).ConfigureAwait(false)
            ? await WriteAsync(below, into => { using var from = File.OpenRead(file); from.CopyTo(into); }, cancellationToken).ConfigureAwait(false)
            : await CopyAsync(below, file, diffId, expected, cancellationToken).ConfigureAwait(false);
        if (layer.Lease.DiffId == diffId) return layer;
        layer.Dispose();
        throw new SuiteException(ErrorKind.Corrupt, $"The layer's content is {layer.Lease.DiffId} and not {diffId}, which the image's configuration says.");
    }

    private async Task<WrittenLayer> CopyAsync(
        IReadOnlyList<LayerRecord> below, string file, Digest diffId, Digest? expected, CancellationToken cancellationToken)
    {
        using var draft = blobs.Create();
        using var hashed = new HashedStream(draft.Content);
        await Task.Run(() => { using var from = File.OpenRead(file); from.CopyTo(hashed, 1024 * 1024); }, cancellationToken).ConfigureAwait(false);
        var digest = hashed.Finish();
        if (expected is not null && expected.Algorithm == digest.Algorithm && expected != digest)
            throw new SuiteException(ErrorKind.Corrupt, $"The layer does not match its digest {expected}: it is {digest}.");
        var type = await IsGzipAsync(file, cancellationToken).ConfigureAwait(false) ? MediaTypes.OciLayerGzip : MediaTypes.OciLayerZstd;
        return await KeepAsync(below, draft, new Descriptor { MediaType = type, Digest = digest, Size = hashed.BytesWritten }, diffId, cancellationToken).ConfigureAwait(false);
    }

    private async Task<WrittenLayer> KeepAsync(
        IReadOnlyList<LayerRecord> below, BlobDraft draft, Descriptor blob, Digest diffId, CancellationToken cancellationToken)
    {
        var hold = blobs.Hold([blob.Digest]);
        try
        {
            draft.Commit(blob.Digest);
            var lease = await layers.AcquireAsync(
                [.. below.Select(l => (l.DiffId, l.DriverId))], diffId,
                (layer, token) => Task.Run(() => Unpack(layer, blob.Digest, diffId, token), token), cancellationToken).ConfigureAwait(false);
            return new WrittenLayer(lease, blob, hold);
        }
        catch
        {
            hold.Dispose();
            await layers.AbandonAsync([blob.Digest]).ConfigureAwait(false);
            throw;
        }
    }

    private static (Digest DiffId, Descriptor Blob) Compress(Stream into, Action<Stream> write)
    {
        using var compressed = new HashedStream(into);
        Digest diffId;
        using (var gzip = new GZipStream(compressed, CompressionLevel.Fastest, leaveOpen: true))
        using (var plain = new HashedStream(gzip))
        {
            write(plain);
            diffId = plain.Finish();
        }

        return (diffId, new Descriptor { MediaType = MediaTypes.OciLayerGzip, Digest = compressed.Finish(), Size = compressed.BytesWritten });
    }

    private void Unpack(ILayerDraft layer, Digest blob, Digest diffId, CancellationToken cancellationToken)
    {
        using var compressed = blobs.Open(blob);
        using var plain = Decompression.Open(compressed);
        using var verified = new VerifiedStream(plain, diffId.Algorithm, options.Value.MaxLayerBytes);
        layer.Apply(verified, options.Value.ToLayerLimits(), cancellationToken);
        var digest = verified.Finish();
        if (digest != diffId)
            throw new SuiteException(ErrorKind.Corrupt, $"The unpacked content is {digest} and not {diffId}, which the image's configuration says.");
    }

    private static async Task<bool> IsGzipAsync(string file, CancellationToken cancellationToken) =>
        (await HeadAsync(file, cancellationToken).ConfigureAwait(false)).Span.StartsWith(Decompression.GzipMagic);

    private static async Task<bool> IsPlainAsync(string file, CancellationToken cancellationToken) =>
        Decompression.IsPlain((await HeadAsync(file, cancellationToken).ConfigureAwait(false)).Span);

    private static async Task<ReadOnlyMemory<byte>> HeadAsync(string file, CancellationToken cancellationToken)
    {
        var head = new byte[6];
        await using var stream = File.OpenRead(file);
        return head.AsMemory(0, await stream.ReadAtLeastAsync(head, head.Length, throwOnEndOfStream: false, cancellationToken).ConfigureAwait(false));
    }
}
