using System.Text.Json.Serialization;
using Suite.Linux.Errors;
using Suite.Oci.References;

namespace Suite.Oci.Images;

/// <summary>Content by what it is, how long it is and what it hashes to (image-spec descriptor.md).</summary>
public sealed record Descriptor : IJsonOnDeserialized
{
    public required string MediaType { get; init; }

    public required Digest Digest { get; init; }

    /// <summary>Bytes of the content as stored, so compressed for a compressed layer.</summary>
    public required long Size { get; init; }

    public IReadOnlyList<string>? Urls { get; init; }

    public IReadOnlyDictionary<string, string>? Annotations { get; init; }

    /// <summary>The content itself, base64 in JSON, when its author embedded it.</summary>
    public byte[]? Data { get; init; }

    public Platform? Platform { get; init; }

    public string? ArtifactType { get; init; }

    void IJsonOnDeserialized.OnDeserialized()
    {
        // `required` is satisfied by null, and no schema says that a size cannot be negative.
        if (MediaType is null || Digest is null) throw new SuiteException(ErrorKind.Corrupt, "A descriptor lacks its mediaType or digest.");
        if (Size < 0) throw new SuiteException(ErrorKind.Corrupt, $"The descriptor of {Digest} has a negative size, {Size}.");
    }
}
