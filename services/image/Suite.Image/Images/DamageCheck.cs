using Microsoft.Extensions.Logging;
using Suite.Image.Blobs;
using Suite.Image.Graph.Drivers;
using Suite.Image.Records;

namespace Suite.Image.Images;

/// <summary>
/// Looks at what a session recorded that did not end well. Files are on the disk before the record that names them, so this finds
/// something only where a disk or its cache did not keep its promise; and an image that lost a file must not be started from. It goes
/// then, and the next pull brings it whole.
/// </summary>
internal sealed partial class DamageCheck(IGraphDriver driver, BlobStore blobs, ImageDatabase database, ILogger<DamageCheck> logger)
{
    public async Task RunAsync(CancellationToken cancellationToken)
    {
        if (await database.WriteAsync(s => SessionQueries.Begin(s), cancellationToken).ConfigureAwait(false) is not { } unclean) return;
        var recorded = database.Read(s => SessionQueries.Layers(s, unclean));
        foreach (var layer in recorded.Where(IsDamaged))
        {
            var images = await database.WriteAsync(
                s =>
                {
                    var named = SessionQueries.ImagesOf(s, layer.Key);
                    foreach (var image in named) ImageChanges.Remove(s, image);
                    SessionQueries.Forget(s, layer.Key);
                    return named;
                },
                cancellationToken).ConfigureAwait(false);
            Lost(layer.Key, string.Join(", ", images));
        }

        foreach (var (digest, size) in recorded.SelectMany(l => database.Read(s => SessionQueries.Blobs(s, l.Key))).Distinct())
        {
            if (!blobs.Has(digest) || blobs.SizeOf(digest) == size) continue;
            blobs.Remove(digest);
            LostBlob(digest.ToString());
        }

        await database.WriteAsync(s => { SessionQueries.Adopt(s, unclean); }, cancellationToken).ConfigureAwait(false);
        database.Flush();
        if (recorded.Count > 0) Checked(recorded.Count);
    }

    /// <summary>Fewer blocks or another number of files than when it was recorded. Layers of older releases were not measured.</summary>
    private bool IsDamaged(RecordedLayer layer)
    {
        if (!driver.HasLayer(layer.DriverId)) return true;
        if (layer.Usage.Inodes == 0) return false;
        var now = driver.LayerUsage(layer.DriverId);
        return now.Inodes != layer.Usage.Inodes || now.Bytes < layer.Usage.Bytes;
    }

    [LoggerMessage(LogLevel.Information, "The service did not end well the last time: {Count} layers that it had recorded were checked")]
    private partial void Checked(int count);

    [LoggerMessage(LogLevel.Warning, "The layer {Layer} is damaged after the last end of the service: its images are removed and have to be pulled again: {Images}")]
    private partial void Lost(string layer, string images);

    [LoggerMessage(LogLevel.Warning, "The compressed layer {Blob} is damaged after the last end of the service and was removed: its images run, and can be pushed again after a pull")]
    private partial void LostBlob(string blob);
}
