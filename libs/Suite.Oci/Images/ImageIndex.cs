using System.Text.Json.Serialization;
using Suite.Linux.Errors;
using Suite.Oci.Serialization;

namespace Suite.Oci.Images;

/// <summary>One image for several platforms (image-spec image-index.md; Docker's manifest list).</summary>
public sealed record ImageIndex : IJsonOnDeserialized
{
    public required int SchemaVersion { get; init; }

    public string? MediaType { get; init; }

    public string? ArtifactType { get; init; }

    public required IReadOnlyList<Descriptor> Manifests { get; init; }

    public Descriptor? Subject { get; init; }

    public IReadOnlyDictionary<string, string>? Annotations { get; init; }

    public static ImageIndex Parse(ReadOnlySpan<byte> content, string what, ErrorKind kind = ErrorKind.Corrupt) =>
        OciJson.Parse(content, OciJsonContext.Default.ImageIndex, what, kind);

    public byte[] ToJson() => OciJson.Write(this, OciJsonContext.Default.ImageIndex);

    /// <summary>The first entry that runs on <paramref name="platform"/>; entries of unknown platform (attestations) never match.</summary>
    public Descriptor? Select(Platform platform) =>
        Manifests.FirstOrDefault(m => m.Platform is not null && platform.Accepts(m.Platform) && m.Platform.Variant == platform.Variant)
        ?? Manifests.FirstOrDefault(m => m.Platform is not null && platform.Accepts(m.Platform));

    void IJsonOnDeserialized.OnDeserialized()
    {
        if (SchemaVersion != 2) throw new SuiteException(ErrorKind.Corrupt, $"The index has schemaVersion {SchemaVersion}; only 2 is understood.");
        if (Manifests is null || Manifests.Any(m => m is null)) throw new SuiteException(ErrorKind.Corrupt, "The index lacks its manifests.");
    }
}
