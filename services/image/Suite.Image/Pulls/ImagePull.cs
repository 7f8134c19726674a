using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using Suite.Image.Blobs;
using Suite.Image.Graph.Drivers;
using Suite.Image.Layers;
using Suite.Image.Options;
using Suite.Image.Records;
using Suite.Image.Registries;
using Suite.Linux.Errors;
using Suite.Oci.Images;
using Suite.Oci.References;

namespace Suite.Image.Pulls;

/// <summary>
/// One pull from name to record: resolve, layers side by side, one flush of the disk, one transaction. Until the transaction nobody
/// can find the image, and what an error leaves is removed by the leases.
/// </summary>
internal sealed partial class ImagePull(
    RegistryClient registries, BlobStore blobs, LayerStore layers, IGraphDriver driver, ImageDatabase database, IOptions<ImageOptions> options, ILogger<ImagePull> logger)
{
    public async Task<PullOutcome> RunAsync(
        Reference reference, Credentials credentials, Platform platform, Action<TransferEvent> tell, CancellationToken cancellationToken)
    {
        var session = registries.OpenForPull(reference, credentials);
        var image = await ImageResolver.ResolveAsync(
            session, platform, id => database.Read(s => ImageQueries.ConfigOf(s, id.ToString())), cancellationToken).ConfigureAwait(false);
        tell(new ResolvedEvent(reference, image.Listed, [.. image.Manifest.Layers.Select(l => l.Digest)]));

        var wanted = image.Manifest.Layers.Select(l => l.Digest).ToArray();
        var hold = blobs.Hold(wanted);
        var leases = new LayerLease?[wanted.Length];
        var (recorded, cut) = (false, false);
        try
        {
            await PullLayersAsync(session, image, leases, tell, cancellationToken).ConfigureAwait(false);
            var known = leases.All(l => l!.Existed) && database.Read(s => ImageQueries.ById(s, image.Id.ToString())) is not null;
            // Files before the record that names them: a record of an image with empty files is what others suffer from after a power cut.
            // Also when every layer was here: its compressed bytes may be new, or another pull made it and has not come to this line yet.
            if (!known) layers.Sync(leases!, wanted);
            var record = await RecordAsync(reference, image, leases!, cancellationToken).ConfigureAwait(false);
            recorded = true;
            if (!known) Pulled(reference.Familiar, image.Listed);
            return new PullOutcome(record, image.Listed, !known);
        }
        catch (Exception e) when (LayerPull.IsCut(e))
        {
            cut = true;
            throw;
        }
        finally
        {
            foreach (var lease in leases) lease?.Dispose();
            hold.Dispose();
            if (!recorded) await layers.AbandonAsync(wanted, mayContinue: cut).ConfigureAwait(false);
        }
    }

    private async Task PullLayersAsync(
        RegistrySession session, ResolvedImage image, LayerLease?[] leases, Action<TransferEvent> tell, CancellationToken cancellationToken)
    {
        var parallel = new ParallelOptions
        {
            MaxDegreeOfParallelism = driver.LayersAreIndependent ? Math.Max(1, options.Value.ParallelLayers) : 1,
            CancellationToken = cancellationToken,
        };
        await Parallel.ForAsync(0, leases.Length, parallel, async (i, token) =>
        {
            try
            {
                leases[i] = await PullLayerAsync(session, image, i, leases, tell, token).ConfigureAwait(false);
            }
            catch (SuiteException e) when (e.Kind is not (ErrorKind.Unavailable or ErrorKind.Unauthenticated))
            {
                throw new SuiteException(e.Kind, $"Layer {i + 1} of {leases.Length} ({image.Manifest.Layers[i].Digest}) of the image {session.Reference.Familiar}: {e.Message}", e);
            }
        }).ConfigureAwait(false);
    }

    private async Task<LayerLease> PullLayerAsync(
        RegistrySession session, ResolvedImage image, int at, LayerLease?[] leases, Action<TransferEvent> tell, CancellationToken cancellationToken)
    {
        var (blob, diffId) = (image.Manifest.Layers[at], image.Config.Rootfs.DiffIds[at]);
        // Where layers depend on those below, they come one after the other and these are there.
        (Digest, string)[] below = driver.LayersAreIndependent ? [] : [.. leases.Take(at).Select(l => (l!.DiffId, l.Id))];
        var download = new BlobDownload(session, blob);
        void Progress(long received) => tell(new BlobEvent(blob.Digest, TransferState.Downloading, received, blob.Size));

        tell(new BlobEvent(blob.Digest, TransferState.Waiting, 0, blob.Size));
        var pull = new LayerPull(blobs, options.Value.MaxLayerBytes, options.Value.ToLayerLimits());
        var lease = await AcquireAsync(
            () => layers.AcquireAsync(below, diffId, (draft, token) => pull.RunAsync(download, blob, diffId, draft, Progress, token), cancellationToken)).ConfigureAwait(false);
        try
        {
            // Another image may have brought the same layer compressed differently: a push of this one needs these bytes.
            if (lease.Existed && !await database.WriteAsync(_ => blobs.Has(blob.Digest), cancellationToken).ConfigureAwait(false))
            {
                using var keep = blobs.Create();
                long received = 0;
                await download.RunAsync(
                    Stream.Null,
                    piece =>
                    {
                        keep.Content.Write(piece.Span);
                        Progress(received += piece.Length);
                        return ValueTask.CompletedTask;
                    },
                    cancellationToken).ConfigureAwait(false);
                keep.Commit(blob.Digest);
            }
        }
        catch
        {
            lease.Dispose();
            throw;
        }

        tell(new BlobEvent(blob.Digest, lease.Existed ? TransferState.Exists : TransferState.Done, blob.Size, blob.Size));
        return lease;
    }

    /// <summary>Each attempt has one source less, the last one the registry alone.</summary>
    private static async Task<LayerLease> AcquireAsync(Func<Task<LayerLease>> attempt)
    {
        while (true)
        {
            try
            {
                return await attempt().ConfigureAwait(false);
            }
            catch (WorthlessBytesException)
            {
            }
        }
    }

    private async Task<ImageRecord> RecordAsync(Reference reference, ResolvedImage image, LayerLease[] leases, CancellationToken cancellationToken)
    {
        var added = new NewImage(
            image.Id,
            image.RawConfig,
            [.. leases.Select((l, i) => l.ToRecord(image.Manifest.Layers[i]))],
            new NewManifest(image.Fetched.Digest, image.Fetched.MediaType, image.Fetched.Content));
        var record = await database.WriteAsync(
            s =>
            {
                ImageChanges.Add(s, added);
                ImageChanges.AddDigest(s, reference, image.Listed, image.Id.ToString());
                if (reference.Digest is null) ImageChanges.Tag(s, reference.ToString(), image.Id.ToString());
                return ImageQueries.ById(s, image.Id.ToString())!;
            },
            cancellationToken).ConfigureAwait(false);
        layers.Recorded(leases);
        database.Flush();
        return record;
    }

    [LoggerMessage(LogLevel.Information, "Pulled {Reference} as {Digest}")]
    private partial void Pulled(string reference, Digest digest);
}
