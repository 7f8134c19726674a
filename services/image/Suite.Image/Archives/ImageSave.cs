using System.Text;
using Suite.Image.Blobs;
using Suite.Image.Graph.Tar;
using Suite.Image.Images;
using Suite.Image.Records;
using Suite.Oci.Images;
using Suite.Oci.References;

namespace Suite.Image.Archives;

/// <summary>An image that was built for a platform.</summary>
internal sealed record SavedImage(ImageRecord Image, NewManifest Manifest, Platform Platform);

/// <summary>Writes images as one archive that is an OCI layout and, by its manifest.json, what docker load takes as well.</summary>
internal sealed class ImageSave(ImageDatabase database, ShortNames names, BlobStore blobs)
{
    /// <param name="target">Written by blocking.</param>
    public void Write(IReadOnlyList<string> called, Stream target, CancellationToken cancellationToken)
    {
        // Everything is looked up before the first byte is sent.
        var images = called.Select(c => Look(names.Here(c))).GroupBy(i => i.Image.Id).Select(g => g.First() with { Tags = [.. g.SelectMany(i => i.Tags).Distinct()] }).ToArray();
        using var hold = blobs.Hold([.. images.SelectMany(i => i.Image.Layers).Select(l => l.Blob.Digest)]);
        var complete = images.Select(i => (i.Image, i.Tags, Found: CompleteManifest.Find(blobs, i.Manifests, i.Called))).ToArray();

        var tar = new TarWriter(target);
        WriteBlobs(tar, complete, cancellationToken);
        Add(tar, OciLayout.Index, Index(complete.Select(c => (c.Tags, c.Found.Manifest))));
        Finish(tar, complete, target);
    }

    /// <summary>One image that was built and is recorded nowhere, for each of its platforms. Its blobs are held.</summary>
    /// <returns>Digest of the manifest, or of the index when there are several.</returns>
    public Digest WriteBuilt(IReadOnlyList<SavedImage> images, IReadOnlyList<Reference> tags, Stream target, CancellationToken cancellationToken)
    {
        var complete = images.Select(i => (i.Image, Tags: tags, Found: CompleteManifest.Find(blobs, [i.Manifest], "the built image"))).ToArray();
        var tar = new TarWriter(target);
        WriteBlobs(tar, complete, cancellationToken);
        var top = images[0].Manifest;
        if (images.Count > 1)
        {
            var index = Builds.Outputs.ImageIndexes.Compose([.. images.Select(i => (i.Platform, i.Manifest))]);
            top = new NewManifest(Digest.Compute(index), MediaTypes.OciIndex, index);
            Add(tar, OciLayout.Blob(top.Digest), index);
        }

        Add(tar, OciLayout.Index, Index([(tags, top)]));
        // docker load knows one platform.
        Finish(tar, complete[..1], target);
        return top.Digest;
    }

    private void WriteBlobs(
        TarWriter tar, IEnumerable<(ImageRecord Image, IReadOnlyList<Reference> Tags, (NewManifest Manifest, IReadOnlyList<Descriptor> Layers) Found)> complete, CancellationToken cancellationToken)
    {
        var written = new HashSet<Digest>();
        Add(tar, OciLayout.Mark, """{"imageLayoutVersion":"1.0.0"}"""u8);
        foreach (var (image, _, (manifest, layers)) in complete)
        {
            foreach (var layer in layers.Where(l => written.Add(l.Digest)))
            {
                cancellationToken.ThrowIfCancellationRequested();
                using var blob = blobs.Open(layer.Digest);
                Add(tar, OciLayout.Blob(layer.Digest), blob);
            }

            if (written.Add(image.Id)) Add(tar, OciLayout.Blob(image.Id), image.RawConfig);
            if (written.Add(manifest.Digest)) Add(tar, OciLayout.Blob(manifest.Digest), manifest.Content);
        }

    }

    private static void Finish(
        TarWriter tar, IReadOnlyList<(ImageRecord Image, IReadOnlyList<Reference> Tags, (NewManifest Manifest, IReadOnlyList<Descriptor> Layers) Found)> complete, Stream target)
    {
        Add(tar, DockerArchive.Listing, DockerArchive.Write([.. complete.Select(c => new DockerArchiveEntry
        {
            Config = OciLayout.Blob(c.Image.Id),
            RepoTags = [.. c.Tags.Select(t => t.Familiar)],
            Layers = [.. c.Found.Layers.Select(l => OciLayout.Blob(l.Digest))],
        })]));
        tar.Finish();
        target.Flush();
    }

    private sealed record Saved(string Called, ImageRecord Image, IReadOnlyList<NewManifest> Manifests, IReadOnlyList<Reference> Tags);

    private Saved Look(string called) => database.Read(s =>
    {
        var image = ImageFinder.Get(s, called);
        var tag = Reference.TryParse(called, out var name) && image.Tags.Contains(name.Canonical().ToString()) ? name.Canonical() : null;
        return new Saved(called, image, ImageQueries.Manifests(s, image.Id.ToString()), tag is null ? [] : [tag]);
    });

    private static byte[] Index(IEnumerable<(IReadOnlyList<Reference> Tags, NewManifest Manifest)> images) => new ImageIndex
    {
        SchemaVersion = 2,
        MediaType = MediaTypes.OciIndex,
        Manifests = [.. images.SelectMany(i => i.Tags.Cast<Reference?>().DefaultIfEmpty().Select(tag => new Descriptor
        {
            MediaType = i.Manifest.MediaType, Digest = i.Manifest.Digest, Size = i.Manifest.Content.Length,
            Annotations = tag is null ? null : new SortedDictionary<string, string>(StringComparer.Ordinal)
            {
                [OciLayout.NameAnnotation] = tag.ToString(), [OciLayout.RefAnnotation] = tag.Tag ?? Reference.DefaultTag,
            },
        }))],
    }.ToJson();

    private static void Add(TarWriter tar, string name, ReadOnlySpan<byte> content)
    {
        tar.Begin(Entry(name, content.Length));
        tar.Write(content);
    }

    private static void Add(TarWriter tar, string name, FileStream content)
    {
        tar.Begin(Entry(name, content.Length));
        var buffer = new byte[1024 * 1024];
        int read;
        while ((read = content.Read(buffer)) > 0) tar.Write(buffer.AsSpan(0, read));
    }

    private static TarEntry Entry(string name, long size) => new() { Type = TarEntryType.File, Name = Encoding.UTF8.GetBytes(name), Mode = 0x1A4, Size = size };
}
