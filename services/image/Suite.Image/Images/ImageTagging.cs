using Suite.Image.Journals;
using Suite.Image.Records;
using Suite.Linux.Errors;
using Suite.Oci.References;

namespace Suite.Image.Images;

/// <summary>Gives an image one more name.</summary>
internal sealed class ImageTagging(ImageDatabase database, ImageJournal journal)
{
    public async Task TagAsync(string source, string target, CancellationToken cancellationToken)
    {
        var name = Reference.Parse(target);
        if (name.Digest is not null) throw new SuiteException(ErrorKind.InvalidArgument, $"'{target}' has a digest: a new name cannot choose its digest.");
        var image = await database.WriteAsync(
            s =>
            {
                var found = ImageFinder.Get(s, source);
                ImageChanges.Tag(s, name.WithDefaultTag().ToString(), found.Id.ToString());
                return found;
            },
            cancellationToken).ConfigureAwait(false);
        database.Flush();
        journal.Record(ImageActions.Tag, image, name.WithDefaultTag().Familiar);
    }
}
