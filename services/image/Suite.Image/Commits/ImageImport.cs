using Suite.Image.Graph.Compression;
using Suite.Image.Images;
using Suite.Image.Layers;
using Suite.Image.Records;
using Suite.Linux.Errors;
using Suite.Oci.Images;

namespace Suite.Image.Commits;

/// <summary>Makes an image of one layer from the archive of a file system.</summary>
internal sealed class ImageImport(LayerWriter writer, ImageRecording recording, TimeProvider time)
{
    /// <param name="archive">Compressed or not; read by blocking.</param>
    public async Task<ImageRecord> RunAsync(Stream archive, Platform platform, CommitOptions options, CancellationToken cancellationToken)
    {
        var config = ConfigChanges.Apply(new ContainerConfig(), options.Changes);
        using var layer = await writer.WriteAsync([], into => Copy(archive, into), cancellationToken).ConfigureAwait(false);
        var now = time.GetUtcNow();
        var image = new ImageConfig
        {
            Created = now,
            Architecture = platform.Architecture,
            Os = platform.Os,
            Variant = platform.Variant,
            Config = config,
            Rootfs = new RootFs { Type = "layers", DiffIds = [layer.Lease.DiffId] },
            History = [new HistoryEntry { Created = now, CreatedBy = "import", Comment = options.Message.Length > 0 ? options.Message : null }],
        };
        return await recording.RunAsync(
            image, [], layer, options.Name, cancellationToken).ConfigureAwait(false);
    }

    private static void Copy(Stream archive, Stream into)
    {
        try
        {
            using var plain = Decompression.Open(archive);
            plain.CopyTo(into, 256 * 1024);
        }
        catch (Exception e) when (e is InvalidDataException or ZstdSharp.ZstdException)
        {
            throw new SuiteException(ErrorKind.Corrupt, $"The archive is damaged: {e.Message}", e);
        }
    }
}
