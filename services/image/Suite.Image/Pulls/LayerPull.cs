using System.IO.Pipelines;
using Suite.Image.Blobs;
using Suite.Image.Graph.Compression;
using Suite.Image.Graph.Drivers;
using Suite.Image.Graph.Tar;
using Suite.Image.Registries;
using Suite.Linux.Errors;
using Suite.Oci.Images;
using Suite.Oci.References;

namespace Suite.Image.Pulls;

/// <summary>
/// One layer from the registry into the driver, in a single pass: the bytes are hashed and kept as they arrive, and on a thread of
/// its own inflated, hashed again and unpacked, so that the network, one core for hashing and one for inflating work at once.
///
///     registry ─► sha256 ─► blob file
///                    └────► pipe ─► inflate ─► sha256 ─► tar ─► files
///
/// A small layer takes the same way in two steps. Nothing counts until both digests are right: then the blob is renamed into place, and
/// the caller commits the layer. What came of a large one before it was cut off is where the next attempt begins.
/// </summary>
/// <param name="maxLayerBytes">What it may unpack to.</param>
internal sealed class LayerPull(BlobStore blobs, long maxLayerBytes, TarLimits limits)
{
    private static readonly PipeOptions Buffers = new(
        pauseWriterThreshold: 4 * 1024 * 1024, resumeWriterThreshold: 2 * 1024 * 1024, minimumSegmentSize: 128 * 1024, useSynchronizationContext: false);

    /// <summary>
    /// A blob up to this size comes whole before it is unpacked, on one thread: for so little, starting a second one and handing pieces
    /// over takes longer than what it saves, most of all on a busy machine.
    /// </summary>
    private const int SmallBlob = (int)BegunBlobs.WorthKeeping;

    /// <exception cref="WorthlessBytesException">Another attempt, with another draft of the layer, may succeed.</exception>
    public async Task RunAsync(
        BlobDownload download, Descriptor blob, Digest diffId, ILayerDraft layer, Action<long> progress, CancellationToken cancellationToken)
    {
        try
        {
            if (blob.Size <= SmallBlob) await RunWholeAsync(download, blob, diffId, layer, progress, cancellationToken).ConfigureAwait(false);
            else await RunStreamingAsync(download, blob, diffId, layer, progress, cancellationToken).ConfigureAwait(false);
        }
        catch (SuiteException e) when (e.Kind == ErrorKind.Corrupt && download.DistrustSources())
        {
            throw new WorthlessBytesException(e);
        }
    }

    private async Task RunWholeAsync(
        BlobDownload download, Descriptor blob, Digest diffId, ILayerDraft layer, Action<long> progress, CancellationToken cancellationToken)
    {
        var content = new MemoryStream(new byte[blob.Size], 0, (int)blob.Size, writable: true, publiclyVisible: true);
        await download.RunAsync(
            Stream.Null,
            piece =>
            {
                content.Write(piece.Span);
                progress(content.Position);
                return ValueTask.CompletedTask;
            },
            cancellationToken).ConfigureAwait(false);
        using var keep = blobs.Create();
        keep.Content.Write(content.GetBuffer());
        content.Position = 0;
        Unpack(content, layer, diffId, cancellationToken);
        keep.Commit(blob.Digest);
    }

    private async Task RunStreamingAsync(
        BlobDownload download, Descriptor blob, Digest diffId, ILayerDraft layer, Action<long> progress, CancellationToken cancellationToken)
    {
        using var keep = blobs.CreateOrContinue(blob.Digest);
        try
        {
            await RunStreamingAsync(download, keep, diffId, layer, progress, cancellationToken).ConfigureAwait(false);
            keep.Commit(blob.Digest);
        }
        catch (Exception e) when (IsCut(e))
        {
            keep.Stay();
            throw;
        }
        catch (SuiteException e) when (e.Kind == ErrorKind.Corrupt && keep.Begun > 0)
        {
            throw new WorthlessBytesException(e); // it may be what the last attempt has left, and that goes with the draft
        }
    }

    /// <summary>Nothing was wrong with what came, and the rest did not come.</summary>
    public static bool IsCut(Exception e) => e is OperationCanceledException or SuiteException { Kind: ErrorKind.Unavailable or ErrorKind.Unauthenticated };

    private async Task RunStreamingAsync(
        BlobDownload download, BlobDraft keep, Digest diffId, ILayerDraft layer, Action<long> progress, CancellationToken cancellationToken)
    {
        using var either = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        var pipe = new Pipe(Buffers);
        var unpacking = Task.Factory.StartNew(
            () => Unpack(pipe.Reader, layer, diffId, either.Token), CancellationToken.None, TaskCreationOptions.LongRunning, TaskScheduler.Default);
        var downloading = DownloadAsync(download, keep, pipe.Writer, progress, either.Token);

        // Whichever fails first stops the other; its error is the one to tell.
        var first = await Task.WhenAny(unpacking, downloading).ConfigureAwait(false);
        if (!first.IsCompletedSuccessfully) await either.CancelAsync().ConfigureAwait(false);
        try
        {
            await Task.WhenAll(unpacking, downloading).ConfigureAwait(false);
        }
        catch (Exception) when (!first.IsCompletedSuccessfully)
        {
            await first.ConfigureAwait(false);
        }
    }

    private static async Task DownloadAsync(BlobDownload download, BlobDraft keep, PipeWriter pipe, Action<long> progress, CancellationToken cancellationToken)
    {
        Exception? failure = null;
        try
        {
            long received = 0;
            await download.RunAsync(
                keep.Content,
                async piece =>
                {
                    if (received >= keep.Begun) keep.Content.Write(piece.Span); // into the page cache: no wait worth a thread
                    await pipe.WriteAsync(piece, cancellationToken).ConfigureAwait(false);
                    progress(received += piece.Length);
                },
                cancellationToken).ConfigureAwait(false);
        }
        catch (Exception e)
        {
            failure = e;
            throw;
        }
        finally
        {
            await pipe.CompleteAsync(failure).ConfigureAwait(false);
        }
    }

    private void Unpack(PipeReader pipe, ILayerDraft layer, Digest diffId, CancellationToken cancellationToken)
    {
        try
        {
            using var compressed = pipe.AsStream();
            Unpack(compressed, layer, diffId, cancellationToken);
        }
        finally
        {
            pipe.Complete();
        }
    }

    private void Unpack(Stream compressed, ILayerDraft layer, Digest diffId, CancellationToken cancellationToken)
    {
        try
        {
            using var plain = Decompression.Open(compressed);
            using var verified = new VerifiedStream(plain, diffId.Algorithm, maxLayerBytes);
            layer.Apply(verified, limits, cancellationToken);
            Drain(compressed);
            var digest = verified.Finish();
            if (digest != diffId)
                throw new SuiteException(ErrorKind.Corrupt, $"The unpacked content is {digest} and not {diffId}, which the image's configuration says.");
        }
        catch (Exception e) when (e is InvalidDataException or ZstdSharp.ZstdException)
        {
            throw new SuiteException(ErrorKind.Corrupt, $"The compressed stream is damaged: {e.Message}", e);
        }
    }

    /// <summary>Bytes after the last compressed member belong to the blob's digest, and the download waits for them to be taken.</summary>
    private static void Drain(Stream compressed)
    {
        var rest = new byte[16 * 1024];
        while (compressed.Read(rest) > 0) { }
    }
}
