using Suite.Image.Records;
using Suite.Linux.Errors;
using Suite.Oci.References;

namespace Suite.Image.Images;

/// <summary>Gives an image one more name.</summary>
internal sealed class ImageTagging(ImageDatabase database)
{
    public async Task TagAsync(string source, string target, CancellationToken cancellationToken)
    {
        var name = Reference.Parse(target);
        if (name.Digest is not null) throw new SuiteException(ErrorKind.InvalidArgument, $"'{target}' has a digest: a new name cannot choose its digest.");
        await database.WriteAsync(
            s => { ImageChanges.Tag(s, name.WithDefaultTag().ToString(), ImageFinder.Get(s, source).Id.ToString()); }, cancellationToken).ConfigureAwait(false);
        database.Flush();
    }
}
