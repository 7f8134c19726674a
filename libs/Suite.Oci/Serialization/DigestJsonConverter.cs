using System.Text.Json;
using System.Text.Json.Serialization;
using Suite.Oci.References;

namespace Suite.Oci.Serialization;

/// <summary>A digest is a string in JSON.</summary>
public sealed class DigestJsonConverter : JsonConverter<Digest>
{
    public override Digest Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) =>
        Digest.TryParse(reader.GetString(), out var digest)
            ? digest
            : throw new JsonException("The value is not a sha256 or sha512 digest."); // caught by OciJson, which names the document

    public override void Write(Utf8JsonWriter writer, Digest value, JsonSerializerOptions options) =>
        writer.WriteStringValue(value.ToString());
}
