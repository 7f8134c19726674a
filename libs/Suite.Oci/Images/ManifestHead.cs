using Suite.Linux.Errors;
using Suite.Oci.Serialization;

namespace Suite.Oci.Images;

/// <summary>
/// What every manifest has in common: read first, to learn which kind it is. OCI manifests may leave mediaType out, and some
/// registries serve text/plain, so the shape decides last: an index has manifests, an image has layers.
/// </summary>
public sealed record ManifestHead
{
    public int SchemaVersion { get; init; }

    public string? MediaType { get; init; }

    public string? ArtifactType { get; init; }

    public Descriptor? Config { get; init; }

    public Descriptor? Subject { get; init; }

    public IReadOnlyList<Descriptor?>? Manifests { get; init; }

    public IReadOnlyList<Descriptor?>? Layers { get; init; }

    public IReadOnlyDictionary<string, string>? Annotations { get; init; }

    public static ManifestHead Parse(ReadOnlySpan<byte> content, string what, ErrorKind kind = ErrorKind.Corrupt) =>
        OciJson.Parse(content, OciJsonContext.Default.ManifestHead, what, kind);

    /// <summary>The media type by the document's own word, or else by its shape. Null when it is neither image nor index.</summary>
    public string? ResolveMediaType() =>
        MediaType ?? (Manifests is not null ? MediaTypes.OciIndex : Layers is not null || Config is not null ? MediaTypes.OciManifest : null);
}
