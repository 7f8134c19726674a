using Suite.Image.Records;
using Suite.Linux.Errors;
using Suite.Oci.Images;
using Suite.Oci.References;
using Suite.Oci.Serialization;

namespace Suite.Image.Archives;

/// <summary>Reads an OCI image layout (image-spec image-layout.md): index.json, and every blob under its digest.</summary>
internal static class OciLayout
{
    public const string Index = "index.json";
    public const string Mark = "oci-layout";

    /// <summary>The whole name, as containerd and docker write it.</summary>
    public const string NameAnnotation = "io.containerd.image.name";

    /// <summary>A tag, or a name (image-spec annotations.md).</summary>
    public const string RefAnnotation = "org.opencontainers.image.ref.name";

    private const int MaxDepth = 3;

    public static string Blob(Digest digest) => $"blobs/{digest.AlgorithmName}/{digest.Hex}";

    /// <summary>The images for this machine, in the order of the index.</summary>
    public static IEnumerable<ArchivedImage> Read(SpooledArchive archive)
    {
        var index = ImageIndex.Parse(archive.ReadAll(Index, OciJson.MaxManifestBytes), "index.json of the archive");
        foreach (var listed in index.Manifests)
            if (Choose(archive, listed) is { } manifest) yield return Image(archive, listed, manifest);
    }

    /// <summary>Null for what is no image.</summary>
    private static (Descriptor Descriptor, byte[] Content)? Choose(SpooledArchive archive, Descriptor listed)
    {
        var at = listed;
        for (var depth = 0; ; depth++)
        {
            var content = Verified(archive, at, OciJson.MaxManifestBytes);
            var type = ManifestHead.Parse(content, $"manifest {at.Digest}").ResolveMediaType() ?? at.MediaType;
            if (MediaTypes.IsManifest(type)) return (at with { MediaType = type }, content);
            if (!MediaTypes.IsIndex(type)) return null;
            at = (depth < MaxDepth ? ImageIndex.Parse(content, $"index {at.Digest}").Select(Platform.Current) : null)
                ?? throw new SuiteException(ErrorKind.NotFound, $"The archive has the image {listed.Digest} for other platforms than {Platform.Current} only.");
        }
    }

    private static ArchivedImage Image(SpooledArchive archive, Descriptor listed, (Descriptor Descriptor, byte[] Content) chosen)
    {
        var manifest = Manifest.Parse(chosen.Content, $"manifest {chosen.Descriptor.Digest}");
        if (!MediaTypes.IsImageConfig(manifest.Config.MediaType))
            throw new SuiteException(ErrorKind.Unsupported, $"The archive's {listed.Digest} is no image but an artifact: its configuration has the type '{manifest.Config.MediaType}'.");
        var raw = Verified(archive, manifest.Config, OciJson.MaxConfigBytes);
        return new ArchivedImage(
            raw, ImageConfig.Parse(raw, $"configuration {manifest.Config.Digest}"), [.. manifest.Layers.Select(l => (archive.FileOf(Blob(l.Digest)), (Digest?)l.Digest))],
            Tags(listed), new NewManifest(chosen.Descriptor.Digest, chosen.Descriptor.MediaType, chosen.Content));
    }

    private static byte[] Verified(SpooledArchive archive, Descriptor blob, int limit)
    {
        var content = archive.ReadAll(Blob(blob.Digest), limit);
        return Digest.Compute(content, blob.Digest.Algorithm) == blob.Digest
            ? content
            : throw new SuiteException(ErrorKind.Corrupt, $"The blob {blob.Digest} of the archive does not match its digest.");
    }

    private static IReadOnlyList<Reference> Tags(Descriptor listed)
    {
        var name = listed.Annotations?.GetValueOrDefault(NameAnnotation);
        // A bare tag says nothing without a name before it.
        if (name is null && listed.Annotations?.GetValueOrDefault(RefAnnotation) is { } said && said.AsSpan().ContainsAny(":/")) name = said;
        return name is not null && Reference.TryParse(name, out var reference) && reference.Digest is null ? [reference] : [];
    }
}
