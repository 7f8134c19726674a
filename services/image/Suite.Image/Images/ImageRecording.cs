using Suite.Hosting.Databases;
using Suite.Image.Layers;
using Suite.Image.Records;
using Suite.Linux.Errors;
using Suite.Oci.Images;
using Suite.Oci.References;

namespace Suite.Image.Images;

/// <summary>Records an image that was made here: files on the disk first, then one transaction that makes it findable.</summary>
internal sealed class ImageRecording(ImageDatabase database, LayerStore layers)
{
    /// <summary>An image with one layer more than its base.</summary>
    public async Task<ImageRecord> RunAsync(
        ImageConfig config, IReadOnlyList<LayerRecord> below, WrittenLayer top, Reference? tag, CancellationToken cancellationToken)
    {
        try
        {
            return await RunAsync(config, [.. below, top.Lease.ToRecord(top.Blob)], [top], tag is null ? [] : [tag], cancellationToken).ConfigureAwait(false);
        }
        catch
        {
            top.Dispose();
            await layers.AbandonAsync([top.Blob.Digest]).ConfigureAwait(false);
            throw;
        }
    }

    /// <param name="all">The image's layers, lowest first.</param>
    /// <param name="made">Those among them that are new.</param>
    public Task<ImageRecord> RunAsync(
        ImageConfig config, IReadOnlyList<LayerRecord> all, IReadOnlyList<WrittenLayer> made, IReadOnlyList<Reference> tags, CancellationToken cancellationToken) =>
        RunAsync(config.ToJson(), all, made, tags, null, cancellationToken);

    /// <param name="config">Byte for byte: its digest is the image's id.</param>
    /// <param name="manifest">As it came; null: one is made.</param>
    public async Task<ImageRecord> RunAsync(
        byte[] config, IReadOnlyList<LayerRecord> all, IReadOnlyList<WrittenLayer> made, IReadOnlyList<Reference> tags, NewManifest? manifest, CancellationToken cancellationToken)
    {
        var id = Digest.Compute(config);
        layers.Sync(made.Select(m => m.Lease), made.Select(m => m.Blob.Digest));
        var usages = made.DistinctBy(m => m.Lease.Id).ToDictionary(m => m.Lease.Id, m => m.Lease.Usage, StringComparer.Ordinal);
        LayerRecord[] measured = [.. all.Select(l => usages.TryGetValue(l.DriverId, out var usage) ? l with { Usage = usage } : l)];
        var image = new NewImage(id, config, measured, manifest ?? Manifest(id, config.Length, all));
        var record = await database.WriteAsync(
            s =>
            {
                foreach (var layer in all.Where(l => !usages.ContainsKey(l.DriverId))) RequireStill(s, layer);
                ImageChanges.Add(s, image);
                foreach (var tag in tags) ImageChanges.Tag(s, tag.WithDefaultTag().ToString(), id.ToString());
                return ImageQueries.ById(s, id.ToString())!;
            },
            cancellationToken).ConfigureAwait(false);
        layers.Recorded(made.Select(m => m.Lease));
        database.Flush();
        return record;
    }

    /// <summary>The image below may have been removed while its layers were built upon.</summary>
    private static void RequireStill(Session s, LayerRecord layer)
    {
        if (s.First("SELECT driver_id FROM layers WHERE diff_id = $1", r => r.GetString(0), layer.Key.ToString()) != layer.DriverId)
            throw new SuiteException(ErrorKind.FailedPrecondition, $"The layer {layer.DiffId} was removed with its image while this one was made: try again.");
    }

    /// <summary>Of an image that no registry has given one.</summary>
    public static NewManifest Manifest(Digest id, int configBytes, IReadOnlyList<LayerRecord> layers)
    {
        var content = new Manifest
        {
            SchemaVersion = 2,
            MediaType = MediaTypes.OciManifest,
            Config = new Descriptor { MediaType = MediaTypes.OciConfig, Digest = id, Size = configBytes },
            Layers = [.. layers.Select(l => l.Blob with { MediaType = Oci(l.Blob.MediaType) })],
        }.ToJson();
        return new NewManifest(Digest.Compute(content), MediaTypes.OciManifest, content);
    }

    /// <summary>A layer from Docker's world has Docker's media type, which an OCI manifest should not have.</summary>
    private static string Oci(string mediaType) => mediaType == MediaTypes.DockerLayerGzip ? MediaTypes.OciLayerGzip : mediaType;
}
