using Suite.Image.Journals;
using Suite.Image.Layers;
using Suite.Image.Records;
using Suite.Linux.Errors;
using Suite.Oci.References;

namespace Suite.Image.Images;

/// <summary>What a removal did: names taken away, images gone.</summary>
internal sealed record Removed(IReadOnlyList<string> Untagged, IReadOnlyList<string> Deleted);

/// <summary>Removes names and images. Layers that a root file system uses stay until it goes.</summary>
internal sealed class ImageRemoval(ImageDatabase database, LayerStore layers, ImageJournal journal)
{
    /// <summary>CRI's way: by whatever name, the whole image with all of its names. An unknown image is no error.</summary>
    public async Task<bool> RemoveImageAsync(string called, CancellationToken cancellationToken)
    {
        var removed = await database.WriteAsync(
            s =>
            {
                var image = ImageFinder.Find(s, called);
                if (image is not null) ImageChanges.Remove(s, image.Id.ToString());
                return image;
            },
            cancellationToken).ConfigureAwait(false);
        if (removed is null) return false;
        await FinishAsync(removed, new Removed(removed.Tags, [removed.Id.ToString()]), cancellationToken).ConfigureAwait(false);
        return true;
    }

    /// <summary>Docker's way: one name, and the image with its last one; by id the image with all its names.</summary>
    public async Task<Removed> RemoveNameAsync(string called, bool force, CancellationToken cancellationToken)
    {
        var (image, removed) = await database.WriteAsync(
            s =>
            {
                var image = ImageFinder.Get(s, called);
                var tag = Reference.TryParse(called, out var r) ? r.Canonical().ToString() : null;
                var byTag = tag is not null && image.Tags.Contains(tag);
                if (byTag && image.Tags.Count > 1)
                {
                    ImageChanges.Untag(s, tag!);
                    return (image, new Removed([tag!], []));
                }

                if (!force && ImageChanges.IsInUse(s, image.Id.ToString()))
                    throw new SuiteException(
                        ErrorKind.FailedPrecondition, $"The image {called} is used by a container: remove the container first, or force it.");
                if (!force && !byTag && image.Tags.Count > 1)
                    throw new SuiteException(
                        ErrorKind.FailedPrecondition, $"The image {image.Id.Short} has {image.Tags.Count} names ({string.Join(", ", image.Tags)}): remove it by name, or force it.");
                ImageChanges.Remove(s, image.Id.ToString());
                return (image, new Removed([.. image.Tags, .. image.Digests], [image.Id.ToString()]));
            },
            cancellationToken).ConfigureAwait(false);
        await FinishAsync(image, removed, cancellationToken).ConfigureAwait(false);
        return removed;
    }

    private async Task FinishAsync(ImageRecord image, Removed removed, CancellationToken cancellationToken)
    {
        database.Flush();
        journal.RecordRemoval([image], removed.Untagged, removed.Deleted);
        await layers.CollectAsync(cancellationToken).ConfigureAwait(false);
    }
}
