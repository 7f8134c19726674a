using Suite.Hosting.Databases;
using Suite.Image.Blobs;
using Suite.Image.Journals;
using Suite.Image.Layers;
using Suite.Image.Records;

namespace Suite.Image.Images;

/// <summary>What may go.</summary>
/// <param name="All">Also images with a name.</param>
/// <param name="Labels">Each as KEY or KEY=VALUE; all of them must fit.</param>
/// <param name="Until">Only those made before; null: all.</param>
internal sealed record PruneChoice(bool All, IReadOnlyList<string> Labels, DateTimeOffset? Until)
{
    public bool Takes(ImageRecord image) =>
        (All || image.Tags.Count == 0) && (Until is null || (image.Config.Created ?? DateTimeOffset.MinValue) < Until) && Labels.All(label => Fits(image, label.Split('=', 2)));

    private static bool Fits(ImageRecord image, string[] label) =>
        image.Config.Config?.Labels is { } labels && labels.TryGetValue(label[0], out var value) && (label.Length == 1 || label[1] == value);
}

/// <summary>What a pruning removed, or would remove.</summary>
/// <param name="Bytes">Layers and blobs that no image or root file system needs then, and what pulls that were cut off have left.</param>
internal sealed record Pruned(IReadOnlyList<string> Untagged, IReadOnlyList<string> Deleted, long Bytes);

/// <summary>
/// Removes images that nobody uses. Pulls and builds go on meanwhile: what they hold is not collected, and what they record later is
/// not what was chosen here, since choice and removal are one transaction.
/// </summary>
internal sealed class ImagePruning(ImageDatabase database, PinnedImages pinned, LayerStore layers, BlobStore blobs, ImageJournal journal)
{
    public async Task<Pruned> RunAsync(PruneChoice choice, bool dryRun, CancellationToken cancellationToken)
    {
        var begun = blobs.Begun.Clear(dryRun);
        if (dryRun) return database.Read(s => Plan(s, choice, begun)).Pruned;
        var (gone, pruned) = await database.WriteAsync(
            s =>
            {
                var plan = Plan(s, choice, begun);
                foreach (var id in plan.Pruned.Deleted) ImageChanges.Remove(s, id);
                return plan;
            },
            cancellationToken).ConfigureAwait(false);
        database.Flush();
        journal.RecordRemoval(gone, pruned.Untagged, pruned.Deleted);
        journal.RecordPruning(pruned.Bytes);
        await layers.CollectAsync(cancellationToken).ConfigureAwait(false);
        return pruned;
    }

    private (IReadOnlyList<ImageRecord> Gone, Pruned Pruned) Plan(Session s, PruneChoice choice, long begun)
    {
        ImageRecord[] gone = [.. ImageQueries.All(s).Where(i => choice.Takes(i) && !pinned.Has(i) && !ImageChanges.IsInUse(s, i.Id.ToString()))];
        var ids = gone.Select(i => i.Id.ToString()).ToHashSet();
        return (gone, new Pruned([.. gone.SelectMany(i => i.Tags.Concat(i.Digests))], [.. ids], UsageQueries.FreedBy(s, ids) + begun));
    }
}
