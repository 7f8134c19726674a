using Suite.Hosting;
using Suite.Image.Images;
using Suite.Image.Layers;
using Suite.Image.Records;
using Suite.Linux.Errors;
using Suite.Linux.Files;
using Suite.Oci.References;

namespace Suite.Image.Archives;

/// <summary>Takes the images of an archive. All layers first, then all records: one wrong layer and nothing is kept.</summary>
internal sealed class ImageLoad(SuitePaths paths, LayerWriter writer, LayerStore layers, ImageRecording recording)
{
    private string Folder => Path.Combine(paths.StateDirectory("image"), "loads-tmp");

    /// <summary>Archives of a killed process.</summary>
    public void Recover() => FileTree.Remove(Folder);

    /// <param name="stream">Read by blocking: a thread of its own calls this.</param>
    public async Task<IReadOnlyList<(ImageRecord Image, IReadOnlyList<Reference> Tags)>> RunAsync(Stream stream, CancellationToken cancellationToken)
    {
        using var archive = await Task.Factory.StartNew(
            () => SpooledArchive.Read(stream, Folder, cancellationToken), cancellationToken, TaskCreationOptions.LongRunning, TaskScheduler.Default).ConfigureAwait(false);
        var images = Images(archive);
        var made = new List<WrittenLayer>();
        var recorded = false;
        try
        {
            var stacks = new List<IReadOnlyList<LayerRecord>>();
            foreach (var image in images) stacks.Add(await TakeAsync(image, made, cancellationToken).ConfigureAwait(false));
            var records = new List<(ImageRecord, IReadOnlyList<Reference>)>();
            foreach (var (image, stack) in images.Zip(stacks))
            {
                // A manifest counts only for the very bytes that it names.
                var manifest = image.Manifest is not null && image.Layers.Zip(stack).All(l => l.First.Digest == l.Second.Blob.Digest) ? image.Manifest : null;
                records.Add((await recording.RunAsync(image.RawConfig, stack, made, image.Tags, manifest, cancellationToken).ConfigureAwait(false), image.Tags));
            }

            recorded = true;
            return records;
        }
        finally
        {
            foreach (var layer in made) layer.Dispose();
            if (!recorded) await layers.AbandonAsync([.. made.Select(m => m.Blob.Digest)]).ConfigureAwait(false);
        }
    }

    private static IReadOnlyList<ArchivedImage> Images(SpooledArchive archive)
    {
        var entries = DockerArchive.Entries(archive);
        ArchivedImage[] images = [];
        if (archive.Has(OciLayout.Index) && archive.Has(OciLayout.Mark))
        {
            // docker save lists names in manifest.json and manifests in index.json.
            var named = entries.ToLookup(e => Digest.Compute(archive.ReadAll(e.Config!, Oci.Serialization.OciJson.MaxConfigBytes)), DockerArchive.Tags);
            // An image with several names is in the index once for each.
            images =
            [
                .. OciLayout.Read(archive).GroupBy(i => Digest.Compute(i.RawConfig)).Select(same => same.First() with
                {
                    Tags = [.. same.SelectMany(i => i.Tags).Concat(named[same.Key].SelectMany(t => t)).DistinctBy(t => t.Canonical().ToString())],
                }),
            ];
        }
        else
        {
            images = [.. entries.Select(e => DockerArchive.Read(archive, e))];
        }

        if (images.Length == 0)
            throw new SuiteException(ErrorKind.InvalidArgument, "The archive holds no image: it has neither an OCI index.json nor docker's manifest.json. A file system is taken by import.");
        foreach (var image in images)
        {
            if (image.Config.Rootfs.DiffIds.Count != image.Layers.Count)
                throw new SuiteException(
                    ErrorKind.Corrupt, $"An image of the archive contradicts itself: {image.Layers.Count} layers, {image.Config.Rootfs.DiffIds.Count} in its configuration.");
        }

        return images;
    }

    private async Task<IReadOnlyList<LayerRecord>> TakeAsync(ArchivedImage image, List<WrittenLayer> made, CancellationToken cancellationToken)
    {
        var stack = new List<LayerRecord>();
        foreach (var ((file, digest), diffId) in image.Layers.Zip(image.Config.Rootfs.DiffIds))
        {
            var layer = await writer.TakeAsync(stack, file, diffId, digest, cancellationToken).ConfigureAwait(false);
            made.Add(layer);
            stack.Add(layer.Lease.ToRecord(layer.Blob));
        }

        return stack;
    }
}
