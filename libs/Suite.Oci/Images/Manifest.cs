using System.Text.Json.Serialization;
using Suite.Linux.Errors;
using Suite.Oci.Serialization;

namespace Suite.Oci.Images;

/// <summary>An image for one platform: its configuration and its layers, lowest first (image-spec manifest.md; Docker schema 2).</summary>
public sealed record Manifest : IJsonOnDeserialized
{
    public required int SchemaVersion { get; init; }

    /// <summary>Optional in OCI manifests; Docker's always have it.</summary>
    public string? MediaType { get; init; }

    public string? ArtifactType { get; init; }

    public required Descriptor Config { get; init; }

    public required IReadOnlyList<Descriptor> Layers { get; init; }

    public Descriptor? Subject { get; init; }

    public IReadOnlyDictionary<string, string>? Annotations { get; init; }

    public static Manifest Parse(ReadOnlySpan<byte> content, string what, ErrorKind kind = ErrorKind.Corrupt) =>
        OciJson.Parse(content, OciJsonContext.Default.Manifest, what, kind);

    public byte[] ToJson() => OciJson.Write(this, OciJsonContext.Default.Manifest);

    void IJsonOnDeserialized.OnDeserialized()
    {
        if (SchemaVersion != 2) throw new SuiteException(ErrorKind.Corrupt, $"The manifest has schemaVersion {SchemaVersion}; only 2 is understood.");
        if (Config is null || Layers is null || Layers.Any(l => l is null))
            throw new SuiteException(ErrorKind.Corrupt, "The manifest lacks its config or layers.");
    }
}
