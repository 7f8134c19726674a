using System.Security.Cryptography;
using System.Text;

namespace Suite.E2e.Tests.Registry;

/// <summary>Pushes as a client sends them, over HTTP and no code of ours.</summary>
internal static class Pushes
{
    public const string ManifestType = "application/vnd.oci.image.manifest.v1+json";

    public static string DigestOf(byte[] content) => $"sha256:{Convert.ToHexStringLower(SHA256.HashData(content))}";

    public static async Task<string> BeginAsync(HttpClient http, string repository, CancellationToken cancellationToken)
    {
        using var response = await http.PostAsync($"/v2/{repository}/blobs/uploads/", null, cancellationToken);
        response.EnsureSuccessStatusCode();
        return response.Headers.Location!.ToString();
    }

    public static async Task<HttpResponseMessage> PushAsync(HttpClient http, string repository, byte[] content, CancellationToken cancellationToken)
    {
        var location = await BeginAsync(http, repository, cancellationToken);
        using var body = new ByteArrayContent(content);
        return await http.PutAsync($"{location}?digest={DigestOf(content)}", body, cancellationToken);
    }

    /// <summary>An image as a build makes it: a configuration with a history, and layers. Returns the manifest's digest and length.</summary>
    public static async Task<(string Digest, int Size)> PushImageAsync(
        HttpClient http, string repository, string? tag, string layer, CancellationToken cancellationToken, string more = "")
    {
        var config = $$"""
            {"architecture":"amd64","os":"linux","created":"2026-01-02T03:04:05Z","config":{"Cmd":["/bin/{{layer}}"],"Env":["PATH=/bin"]},
             "rootfs":{"type":"layers","diff_ids":[]},"history":[{"created_by":"COPY {{layer}} /bin"},{"created_by":"CMD {{layer}}","empty_layer":true}]}
            """;
        var configBytes = Encoding.UTF8.GetBytes(config);
        var layerBytes = Encoding.UTF8.GetBytes(layer);
        foreach (var content in new[] { configBytes, layerBytes })
        {
            using var pushed = await PushAsync(http, repository, content, cancellationToken);
            pushed.EnsureSuccessStatusCode();
        }

        var manifest = Encoding.UTF8.GetBytes($$"""
            {"schemaVersion":2,"mediaType":"{{ManifestType}}",
             "config":{"mediaType":"application/vnd.oci.image.config.v1+json","digest":"{{DigestOf(configBytes)}}","size":{{configBytes.Length}}},
             "layers":[{"mediaType":"application/vnd.oci.image.layer.v1.tar","digest":"{{DigestOf(layerBytes)}}","size":{{layerBytes.Length}}}]{{more}}}
            """);
        using var body = new ByteArrayContent(manifest);
        body.Headers.ContentType = new(ManifestType);
        using var put = await http.PutAsync($"/v2/{repository}/manifests/{tag ?? DigestOf(manifest)}", body, cancellationToken);
        put.EnsureSuccessStatusCode();
        return (DigestOf(manifest), manifest.Length);
    }
}
