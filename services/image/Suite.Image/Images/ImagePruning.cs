using Suite.Hosting.Databases;
using Suite.Image.Blobs;
using Suite.Image.Journals;
using Suite.Image.Layers;
using Suite.Image.Records;

namespace Suite.Image.Images;

/// <summary>What a pruning removed, or would remove.</summary>
/// <param name="Bytes">Layers and blobs that no image or root file system needs then, and what pulls that were cut off have left.</param>
internal sealed record Pruned(IReadOnlyList<string> Untagged, IReadOnlyList<string> Deleted, long Bytes);

/// <summary>
/// Removes images that nobody uses. Pulls and builds go on meanwhile: what they hold is not collected, and what they record later is
/// not what was chosen here, since choice and removal are one transaction.
/// </summary>
internal sealed class ImagePruning(ImageDatabase database, PinnedImages pinned, LayerStore layers, BlobStore blobs, ImageJournal journal)
{
    /// <param name="all">Also images with a name.</param>
    public async Task<Pruned> RunAsync(bool all, bool dryRun, CancellationToken cancellationToken)
    {
        var begun = blobs.Begun.Clear(dryRun);
        if (dryRun) return database.Read(s => Plan(s, all, begun)).Pruned;
        var (gone, pruned) = await database.WriteAsync(
            s =>
            {
                var plan = Plan(s, all, begun);
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

    private (IReadOnlyList<ImageRecord> Gone, Pruned Pruned) Plan(Session s, bool all, long begun)
    {
        ImageRecord[] gone = [.. ImageQueries.All(s).Where(i => (all || i.Tags.Count == 0) && !pinned.Has(i) && !ImageChanges.IsInUse(s, i.Id.ToString()))];
        var ids = gone.Select(i => i.Id.ToString()).ToHashSet();
        return (gone, new Pruned([.. gone.SelectMany(i => i.Tags.Concat(i.Digests))], [.. ids], UsageQueries.FreedBy(s, ids) + begun));
    }
}
