using System.Text.Json.Serialization.Metadata;
using Microsoft.AspNetCore.Http;
using Suite.Oci.Distribution;
using Suite.Oci.References;
using Suite.Oci.Serialization;

namespace Suite.Registry.Distribution;

/// <summary>How answers are written.</summary>
internal static class Responses
{
    public const string ContentDigest = "Docker-Content-Digest";

    private const string Json = "application/json";

    public static Task WriteErrorAsync(this HttpResponse response, int status, string code, string message)
    {
        response.StatusCode = status;
        return response.WriteJsonAsync(ErrorResponse.Of(code, message), OciJsonContext.Default.ErrorResponse, Json);
    }

    public static Task WriteJsonAsync<T>(this HttpResponse response, T document, JsonTypeInfo<T> type, string contentType = Json) =>
        response.WriteContentAsync(OciJson.Write(document, type), contentType);

    /// <summary>Writes a body that is at hand. A HEAD gets its length and type only.</summary>
    public static async Task WriteContentAsync(this HttpResponse response, byte[] content, string contentType)
    {
        response.ContentType = contentType;
        response.ContentLength = content.Length;
        if (!HttpMethods.IsHead(response.HttpContext.Request.Method))
            await response.BodyWriter.WriteAsync(content, response.HttpContext.RequestAborted).ConfigureAwait(false);
    }

    /// <summary>Names the content. True when the caller has it already, and 304 is the answer.</summary>
    public static bool TagContent(this HttpResponse response, Digest digest)
    {
        var etag = $"\"{digest}\"";
        response.Headers[ContentDigest] = digest.ToString();
        response.Headers.ETag = etag;
        var known = response.HttpContext.Request.Headers.IfNoneMatch.ToString();
        if (known.Length == 0 || !known.Contains(etag, StringComparison.Ordinal))
            return false;
        response.StatusCode = StatusCodes.Status304NotModified;
        return true;
    }

    /// <summary>201 with the place where the content is found from now on.</summary>
    public static void Created(this HttpResponse response, string location, Digest digest)
    {
        response.StatusCode = StatusCodes.Status201Created;
        response.Headers.Location = location;
        response.Headers[ContentDigest] = digest.ToString();
    }
}
