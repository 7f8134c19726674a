using System.Net;
using System.Text.Json.Nodes;
using Suite.Oci.Images;
using Suite.Oci.References;

namespace Suite.Registry.Tests.Conformance;

/// <summary>Each data set of the conformance program through its whole life: push, list, head, pull, referrers, delete.</summary>
public sealed class DataSetTests : IAsyncLifetime
{
    private const string Repository = "conformance/data";

    private RunningRegistry _registry = null!;

    public async ValueTask InitializeAsync() => _registry = await RunningRegistry.StartAsync();

    public ValueTask DisposeAsync() => _registry.DisposeAsync();

    [Theory]
    [InlineData("image")]
    [InlineData("image, uncompressed")]
    [InlineData("image of Docker")]
    [InlineData("large manifest")]
    [InlineData("index")]
    [InlineData("nested index")]
    [InlineData("empty index")]
    [InlineData("artifact")]
    [InlineData("artifact index")]
    [InlineData("artifact without layers")]
    [InlineData("artifacts with subject")]
    [InlineData("index with subject")]
    [InlineData("missing subject")]
    [InlineData("data field")]
    [InlineData("non-distributable layers")]
    [InlineData("custom fields")]
    [InlineData("no layers")]
    [InlineData("sha512")]
    public async Task Data_lives_as_the_specification_says(string name)
    {
        var data = new DataSet(_registry, Repository, name == "sha512" ? DigestAlgorithm.Sha512 : DigestAlgorithm.Sha256);
        var (manifests, subject) = await BuildAsync(data, name);
        var top = manifests[^1];
        using (var tagged = await _registry.SendAsync(HttpMethod.Put, $"/v2/{Repository}/manifests/{top.Digest}?tag=a&tag=b", top.Content, top.MediaType))
            Assert.Equal("a,b", tagged.Header("OCI-Tag"));
        await CheckTagsAsync("/v2/" + Repository + "/tags/list", "a", "b");
        await CheckTagsAsync("/v2/" + Repository + "/tags/list?last=a", "b");
        foreach (var manifest in manifests)
            await CheckManifestAsync(manifest, manifest.Digest.ToString());
        // A tag names what it was given for, whatever the hash function of the digest.
        await CheckManifestAsync(top, "a");
        if (subject is not null)
            await CheckReferrersAsync(subject, manifests);
        await DeleteAsync(top, manifests, data.Blobs);
    }

    private static async Task<(PushedManifest[] Manifests, Digest? Subject)> BuildAsync(DataSet data, string name)
    {
        async Task<PushedManifest> PushAsync(JsonObject manifest, params (string Key, JsonNode? Value)[] more)
        {
            foreach (var (key, value) in more)
                manifest[key] = value;
            return await data.PushAsync(manifest);
        }

        var image = await data.ImageAsync("one");
        switch (name)
        {
            case "image, uncompressed":
                return ([await PushAsync(await data.ImageAsync("tar", layer: MediaTypes.OciLayer))], null);
            case "image of Docker":
                return ([await PushAsync(await data.ImageAsync("docker", MediaTypes.DockerConfig, MediaTypes.DockerLayerGzip), ("mediaType", MediaTypes.DockerManifest))], null);
            case "large manifest":
                var notes = new JsonObject(Enumerable.Range(0, 390).Select(i => KeyValuePair.Create<string, JsonNode?>($"note.{i}", new string('x', 10_000))));
                return ([await PushAsync(image, ("annotations", notes))], null);
            case "index" or "nested index":
                var children = new[] { await PushAsync(image), await PushAsync(await data.ImageAsync("two")) };
                var index = await PushAsync(DataSet.Index(children));
                return name == "index" ? ([.. children, index], null) : ([.. children, index, await PushAsync(DataSet.Index(index))], null);
            case "empty index":
                return ([await PushAsync(DataSet.Index())], null);
            case "artifact":
                return ([await PushAsync(image, ("artifactType", DataSet.ArtifactType))], null);
            case "artifact index":
                var artifact = await PushAsync(image, ("artifactType", DataSet.ArtifactType));
                return ([artifact, await PushAsync(DataSet.Index(artifact), ("artifactType", DataSet.ArtifactType))], null);
            case "artifact without layers":
                var empty = await data.BlobAsync("{}", MediaTypes.OciEmpty);
                return ([await PushAsync(image, ("artifactType", DataSet.ArtifactType), ("config", empty.DeepClone()), ("layers", new JsonArray(empty.DeepClone())))], null);
            case "artifacts with subject" or "index with subject" or "missing subject":
                var subject = name == "missing subject" ? data.Seal(await data.ImageAsync("never pushed")) : await PushAsync(image);
                var first = name == "index with subject"
                    ? await PushAsync(DataSet.Index(), ("artifactType", DataSet.ArtifactType), ("subject", DataSet.Describe(subject)))
                    : await PushAsync(await data.ImageAsync("signature"), ("artifactType", DataSet.ArtifactType), ("subject", DataSet.Describe(subject)));
                // Without a type of its own an artifact has that of its configuration.
                var second = await PushAsync(await data.ImageAsync("bill", "application/vnd.example.config"), ("subject", DataSet.Describe(subject)));
                return (name == "missing subject" ? [first, second] : [subject, first, second], subject.Digest);
            case "data field":
                image["config"]!["data"] = Convert.ToBase64String("""{"architecture":"amd64","os":"linux","name":"one"}"""u8);
                return ([await PushAsync(image)], null);
            case "non-distributable layers":
                var absent = DataSet.Describe("application/vnd.oci.image.layer.nondistributable.v1.tar+gzip", Digest.Compute("elsewhere"u8), 9);
                absent["urls"] = new JsonArray("https://layers.example/9");
                return ([await PushAsync(image, ("layers", new JsonArray(absent)))], null);
            case "custom fields":
                return ([await PushAsync(image, ("org.example.extra", new JsonObject { ["deep"] = new JsonArray(1, "two", null) }))], null);
            case "no layers":
                return ([await PushAsync(image, ("layers", new JsonArray()))], null);
            default:
                return ([await PushAsync(image)], null);
        }
    }

    private async Task CheckTagsAsync(string path, params string[] expected)
    {
        using var response = await _registry.SendAsync(HttpMethod.Get, path);
        Assert.Equal(expected, await response.StringsAsync("tags"));
    }

    private async Task CheckManifestAsync(PushedManifest manifest, string reference)
    {
        foreach (var method in (HttpMethod[])[HttpMethod.Head, HttpMethod.Get])
        {
            using var response = await _registry.SendAsync(method, $"/v2/{Repository}/manifests/{reference}", null, null, ("Accept", manifest.MediaType));
            Assert.Equal(HttpStatusCode.OK, response.StatusCode);
            Assert.Equal(manifest.Content.Length, response.Content.Headers.ContentLength);
            Assert.Equal((manifest.MediaType, manifest.Digest.ToString()), (response.Header("Content-Type"), response.Header("Docker-Content-Digest")));
            Assert.Equal(method == HttpMethod.Get ? manifest.Content : [], await response.BytesAsync());
        }
    }

    private async Task CheckReferrersAsync(Digest subject, PushedManifest[] manifests)
    {
        using var all = await _registry.SendAsync(HttpMethod.Get, $"/v2/{Repository}/referrers/{subject}");
        var listed = ImageIndex.Parse(await all.BytesAsync(), "referrers").Manifests;
        Assert.Equal(
            manifests[^2..].Select(manifest => (manifest.Digest, manifest.ArtifactType)).OrderBy(pair => pair.Digest.ToString(), StringComparer.Ordinal),
            listed.Select(descriptor => (descriptor.Digest, descriptor.ArtifactType)));
        using var some = await _registry.SendAsync(HttpMethod.Get, $"/v2/{Repository}/referrers/{subject}?artifactType={Uri.EscapeDataString(DataSet.ArtifactType)}");
        Assert.Equal("artifactType", some.Header("OCI-Filters-Applied"));
        Assert.Equal(manifests[^2].Digest, Assert.Single(ImageIndex.Parse(await some.BytesAsync(), "referrers").Manifests).Digest);
    }

    private async Task DeleteAsync(PushedManifest top, PushedManifest[] manifests, IReadOnlyList<Digest> blobs)
    {
        await GoesAsync("manifests/a");
        await CheckManifestAsync(top, "b");
        foreach (var manifest in manifests.Reverse())
            await GoesAsync($"manifests/{manifest.Digest}");
        using var tag = await _registry.SendAsync(HttpMethod.Head, $"/v2/{Repository}/manifests/b");
        Assert.Equal(HttpStatusCode.NotFound, tag.StatusCode);
        foreach (var blob in blobs)
            await GoesAsync($"blobs/{blob}");
    }

    private async Task GoesAsync(string item)
    {
        using var deleted = await _registry.SendAsync(HttpMethod.Delete, $"/v2/{Repository}/{item}");
        Assert.Equal(HttpStatusCode.Accepted, deleted.StatusCode);
        using var head = await _registry.SendAsync(HttpMethod.Head, $"/v2/{Repository}/{item}");
        Assert.Equal(HttpStatusCode.NotFound, head.StatusCode);
    }
}
