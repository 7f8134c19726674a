using System.Net;
using System.Text;
using System.Text.Json.Nodes;
using Suite.Oci.Images;
using Suite.Oci.References;

namespace Suite.Registry.Tests.Conformance;

/// <summary>A manifest that was pushed, and what a list of referrers must call it.</summary>
internal sealed record PushedManifest(byte[] Content, string MediaType, Digest Digest, string? ArtifactType);

/// <summary>The data sets of the distribution specification's conformance program, made by hand: its texts, sizes and oddities.</summary>
internal sealed class DataSet(RunningRegistry registry, string repository, DigestAlgorithm algorithm)
{
    public const string ArtifactType = "application/vnd.example.artifact+json";

    private readonly List<Digest> _blobs = [];

    public IReadOnlyList<Digest> Blobs => _blobs;

    public async Task<JsonObject> BlobAsync(string content, string mediaType)
    {
        var bytes = Encoding.UTF8.GetBytes(content);
        var digest = Digest.Compute(bytes, algorithm);
        using var response = await registry.SendAsync(HttpMethod.Put, $"{await registry.BeginUploadAsync(repository)}?digest={digest}", bytes);
        Assert.Equal(HttpStatusCode.Created, response.StatusCode);
        if (!_blobs.Contains(digest))
            _blobs.Add(digest);
        return Describe(mediaType, digest, bytes.Length);
    }

    public async Task<JsonObject> ImageAsync(string name, string config = MediaTypes.OciConfig, string layer = MediaTypes.OciLayerGzip) => new()
    {
        ["schemaVersion"] = 2,
        ["mediaType"] = MediaTypes.OciManifest,
        ["config"] = await BlobAsync($$"""{"architecture":"amd64","os":"linux","name":"{{name}}"}""", config),
        ["layers"] = new JsonArray(await BlobAsync("layer of " + name, layer)),
    };

    public static JsonObject Index(params PushedManifest[] children) => new()
    {
        ["schemaVersion"] = 2,
        ["mediaType"] = MediaTypes.OciIndex,
        ["manifests"] = new JsonArray([.. children.Select(Describe)]),
    };

    public static JsonObject Describe(PushedManifest manifest) => Describe(manifest.MediaType, manifest.Digest, manifest.Content.Length);

    public static JsonObject Describe(string mediaType, Digest digest, long size) => new() { ["mediaType"] = mediaType, ["digest"] = digest.ToString(), ["size"] = size };

    public PushedManifest Seal(JsonObject manifest)
    {
        var content = Encoding.UTF8.GetBytes(manifest.ToJsonString());
        var type = manifest["artifactType"] ?? (manifest["manifests"] is null ? manifest["config"]?["mediaType"] : null);
        return new PushedManifest(content, (string)manifest["mediaType"]!, Digest.Compute(content, algorithm), (string?)type);
    }

    /// <summary>Pushes it by digest.</summary>
    public async Task<PushedManifest> PushAsync(JsonObject manifest)
    {
        var pushed = Seal(manifest);
        using var response = await PutAsync(pushed, pushed.Digest.ToString());
        Assert.Equal(HttpStatusCode.Created, response.StatusCode);
        Assert.Equal((string?)manifest["subject"]?["digest"] ?? "", response.Header("OCI-Subject"));
        return pushed;
    }

    public Task<HttpResponseMessage> PutAsync(PushedManifest manifest, string reference) =>
        registry.SendAsync(HttpMethod.Put, $"/v2/{repository}/manifests/{reference}", manifest.Content, manifest.MediaType);
}
