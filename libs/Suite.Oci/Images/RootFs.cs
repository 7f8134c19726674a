using System.Text.Json.Serialization;
using Suite.Linux.Errors;
using Suite.Oci.References;

namespace Suite.Oci.Images;

/// <summary>The uncompressed layers, lowest first.</summary>
public sealed record RootFs : IJsonOnDeserialized
{
    public required string Type { get; init; }

    /// <summary>Null only in documents of strangers; an image from scratch without a layer has an empty list.</summary>
    [JsonPropertyName("diff_ids")]
    public required IReadOnlyList<Digest> DiffIds { get; init; }

    void IJsonOnDeserialized.OnDeserialized()
    {
        if (Type != "layers") throw new SuiteException(ErrorKind.Corrupt, $"The image's rootfs has the type '{Type}'; only 'layers' is defined.");
        if (DiffIds is null || DiffIds.Any(d => d is null)) throw new SuiteException(ErrorKind.Corrupt, "The image's rootfs lacks its diff_ids.");
    }
}
