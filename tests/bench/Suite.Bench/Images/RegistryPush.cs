using System.Net.Http.Headers;
using System.Text;

namespace Suite.Bench.Images;

/// <summary>Puts an image into a registry by the OCI distribution API: blobs first, then what names them.</summary>
internal sealed class RegistryPush(string registry) : IDisposable
{
    private const string ManifestType = "application/vnd.oci.image.manifest.v1+json";

    private readonly HttpClient _http = new() { BaseAddress = new Uri($"http://{registry}/") };

    /// <summary>The name under which it can be pulled.</summary>
    public async Task<string> PushAsync(string repository, string entrypoint, params Layer[] layers)
    {
        var config = Encoding.UTF8.GetBytes($$"""
            {"architecture":"amd64","os":"linux","config":{"Entrypoint":["{{entrypoint}}"],"Env":["PATH=/bin"]},
             "rootfs":{"type":"layers","diff_ids":[{{List(layers.Select(layer => $"\"{layer.DiffId}\""))}}] } }
            """);
        foreach (var blob in layers.Select(layer => layer.Blob).Append(config))
            await PutBlobAsync(repository, blob);

        var manifest = $$"""
            {"schemaVersion":2,"mediaType":"{{ManifestType}}",
             "config":{"mediaType":"application/vnd.oci.image.config.v1+json","digest":"{{Layer.DigestOf(config)}}","size":{{config.Length}}},
             "layers":[{{List(layers.Select(layer => $$"""{"mediaType":"application/vnd.oci.image.layer.v1.tar+gzip","digest":"{{layer.Digest}}","size":{{layer.Blob.Length}}}"""))}}]}
            """;
        var content = new StringContent(manifest, new MediaTypeHeaderValue(ManifestType));
        (await _http.PutAsync($"v2/{repository}/manifests/latest", content)).EnsureSuccessStatusCode();
        return $"{registry}/{repository}:latest";
    }

    public void Dispose() => _http.Dispose();

    private async Task PutBlobAsync(string repository, byte[] blob)
    {
        var upload = await _http.PostAsync($"v2/{repository}/blobs/uploads/", null);
        upload.EnsureSuccessStatusCode();
        var location = new Uri(_http.BaseAddress!, upload.Headers.Location!);
        var separator = location.Query.Length > 0 ? '&' : '?';
        var content = new ByteArrayContent(blob) { Headers = { ContentType = new MediaTypeHeaderValue("application/octet-stream") } };
        (await _http.PutAsync($"{location}{separator}digest={Uri.EscapeDataString(Layer.DigestOf(blob))}", content)).EnsureSuccessStatusCode();
    }

    private static string List(IEnumerable<string> items) => string.Join(',', items);
}
