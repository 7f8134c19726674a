using System.Text.Json;
using System.Text.Json.Serialization;
using Suite.Oci.Distribution;
using Suite.Oci.Images;

namespace Suite.Oci.Serialization;

/// <summary>Serialization generated at build time, as Native AOT has no reflection to find members by.</summary>
[JsonSourceGenerationOptions(
    DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
    PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase)]
[JsonSerializable(typeof(Manifest))]
[JsonSerializable(typeof(ImageIndex))]
[JsonSerializable(typeof(Descriptor))]
[JsonSerializable(typeof(ImageConfig))]
[JsonSerializable(typeof(ManifestHead))]
[JsonSerializable(typeof(ErrorResponse))]
[JsonSerializable(typeof(TagList))]
[JsonSerializable(typeof(RepositoryList))]
[JsonSerializable(typeof(TokenResponse))]
public sealed partial class OciJsonContext : JsonSerializerContext;
