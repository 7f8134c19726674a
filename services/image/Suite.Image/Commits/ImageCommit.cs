using Suite.Image.Blobs;
using Suite.Image.Graph.Changes;
using Suite.Image.Graph.Drivers;
using Suite.Image.Images;
using Suite.Image.Layers;
using Suite.Image.Records;
using Suite.Linux.Errors;
using Suite.Oci.Images;
using Suite.Oci.References;

namespace Suite.Image.Commits;

/// <summary>What an image is made of besides files.</summary>
/// <param name="Name">Null: none.</param>
internal sealed record CommitOptions(Reference? Name, string Author, string Message, IReadOnlyList<string> Changes, ContainerConfig? Started);

/// <summary>
/// Makes an image of a container: one more layer from what was written, so the time it takes depends on the changes and not on the
/// image. The root file system keeps the layers below; only their compressed forms have to be held.
/// </summary>
internal sealed class ImageCommit(
    ImageDatabase database, IGraphDriver driver, BlobStore blobs, LayerWriter writer, ImageRecording recording, TimeProvider time)
{
    public async Task<ImageRecord> RunAsync(string key, CommitOptions options, CancellationToken cancellationToken)
    {
        var image = database.Read(s => Find(s, key));
        using var hold = blobs.Hold([.. image.Layers.Select(l => l.Blob.Digest)]);
        var config = image.Config.Config ?? new ContainerConfig();
        if (options.Started is { } started) config = Merge(config, started);
        config = ConfigChanges.Apply(config, options.Changes);

        string[] below = [.. image.Layers.Select(l => l.DriverId)];
        using var layer = await writer.WriteAsync(
            image.Layers, archive => driver.WriteChanges(key, below, new ArchiveRules(RuntimeMounts.Paths, null), archive, cancellationToken), cancellationToken).ConfigureAwait(false);
        var now = time.GetUtcNow();
        var committed = image.Config with
        {
            Created = now,
            Author = options.Author.Length > 0 ? options.Author : image.Config.Author,
            Config = config,
            Rootfs = new RootFs { Type = "layers", DiffIds = [.. image.Layers.Select(l => l.DiffId), layer.Lease.DiffId] },
            History =
            [
                .. image.Config.History ?? [],
                new HistoryEntry { Created = now, CreatedBy = string.Join(' ', [.. config.Entrypoint ?? [], .. config.Cmd ?? []]), Author = Said(options.Author), Comment = Said(options.Message) },
            ],
        };
        return await recording.RunAsync(
            committed, image.Layers, layer, options.Name, cancellationToken).ConfigureAwait(false);
    }

    private static ImageRecord Find(Hosting.Databases.Session s, string key)
    {
        var id = s.First("SELECT image FROM rootfs WHERE key = $1 AND state = 'created'", r => r.GetString(0), key)
            ?? throw new SuiteException(ErrorKind.NotFound, $"There is no root file system '{key}'.");
        return ImageQueries.ById(s, id)
            ?? throw new SuiteException(ErrorKind.FailedPrecondition, $"The image {id} of '{key}' was removed: pull it again, or export the file system and import it.");
    }

    private static ContainerConfig Merge(ContainerConfig image, ContainerConfig started) => image with
    {
        User = started.User is { Length: > 0 } ? started.User : image.User,
        Env = started.Env is { Count: > 0 } ? started.Env : image.Env,
        Entrypoint = started.Entrypoint is { Count: > 0 } ? started.Entrypoint : image.Entrypoint,
        Cmd = started.Cmd is { Count: > 0 } ? started.Cmd : image.Cmd,
        WorkingDir = started.WorkingDir is { Length: > 0 } ? started.WorkingDir : image.WorkingDir,
        Labels = started.Labels is { Count: > 0 } ? started.Labels : image.Labels,
    };

    private static string? Said(string text) => text.Length > 0 ? text : null;
}
