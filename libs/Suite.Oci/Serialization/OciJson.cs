using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using Suite.Linux.Errors;

namespace Suite.Oci.Serialization;

/// <summary>Reads and writes the specifications' JSON documents. Unknown fields are tolerated, wrong types and sizes are not.</summary>
public static class OciJson
{
    /// <summary>Registries must take manifests of 4 MiB and may refuse more (distribution-spec, "Pushing Manifests").</summary>
    public const int MaxManifestBytes = 4 * 1024 * 1024;

    /// <summary>Image configurations grow with their history; 8 MiB is ten times the largest in use.</summary>
    public const int MaxConfigBytes = 8 * 1024 * 1024;

    /// <param name="content">The document, UTF-8.</param>
    /// <param name="type">How to read it, from <see cref="OciJsonContext"/>.</param>
    /// <param name="what">What is read, for the error: <c>manifest of busybox:latest</c>.</param>
    /// <exception cref="SuiteException"><see cref="ErrorKind.Corrupt"/>, or the kind given.</exception>
    public static T Parse<T>(ReadOnlySpan<byte> content, JsonTypeInfo<T> type, string what, ErrorKind kind = ErrorKind.Corrupt)
        where T : class
    {
        try
        {
            return JsonSerializer.Deserialize(content, type)
                ?? throw new SuiteException(kind, $"The {what} is empty: it holds only null.");
        }
        catch (JsonException e)
        {
            var where = string.IsNullOrEmpty(e.Path) ? "" : $" at {e.Path}";
            throw new SuiteException(kind, $"The {what} is not valid{where}: {e.Message}", e);
        }
    }

    public static byte[] Write<T>(T document, JsonTypeInfo<T> type) => JsonSerializer.SerializeToUtf8Bytes(document, type);
}
