using Suite.Hosting.Databases;
using Suite.Image.Records;
using Suite.Oci.Images;
using Suite.Oci.References;

namespace Suite.Image.Builds.Outputs;

/// <summary>Images of several platforms under one name: the name leads to the one for this machine, and a push sends them all.</summary>
internal sealed class ImageIndexes(ImageDatabase database)
{
    public async Task<Digest> RecordAsync(
        IReadOnlyList<(Platform Platform, NewManifest Manifest)> images, ImageRecord main, IReadOnlyList<Reference> tags, CancellationToken cancellationToken)
    {
        var content = Compose(images);
        await database.WriteAsync(
            s =>
            {
                foreach (var tag in tags)
                {
                    var name = tag.WithDefaultTag().ToString();
                    ImageChanges.Tag(s, name, main.Id.ToString());
                    s.Execute("INSERT OR REPLACE INTO image_indexes (name, content) VALUES ($1, $2)", name, content);
                }
            },
            cancellationToken).ConfigureAwait(false);
        database.Flush();
        return Digest.Compute(content);
    }

    public static byte[] Compose(IReadOnlyList<(Platform Platform, NewManifest Manifest)> images) => new ImageIndex
    {
        SchemaVersion = 2,
        MediaType = MediaTypes.OciIndex,
        Manifests = [.. images.Select(i => new Descriptor { MediaType = i.Manifest.MediaType, Digest = i.Manifest.Digest, Size = i.Manifest.Content.Length, Platform = i.Platform })],
    }.ToJson();

    public static byte[]? Find(Session s, string name) => s.First("SELECT content FROM image_indexes WHERE name = $1", r => (byte[])r[0], name);
}
