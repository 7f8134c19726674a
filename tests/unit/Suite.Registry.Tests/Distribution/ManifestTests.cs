using System.Net;
using System.Text;
using Suite.Oci.Images;
using Suite.Oci.References;
using Suite.Oci.Serialization;

namespace Suite.Registry.Tests.Distribution;

public sealed class ManifestTests : IAsyncLifetime
{
    private RunningRegistry _registry = null!;

    public async ValueTask InitializeAsync() => _registry = await RunningRegistry.StartAsync();

    public ValueTask DisposeAsync() => _registry.DisposeAsync();

    [Fact]
    public async Task ManifestComesBackByteForByteByTagAndByDigest()
    {
        var manifest = await _registry.PushImageAsync("team/app", "v1");
        var digest = Digest.Compute(manifest);
        foreach (var reference in new[] { "v1", digest.ToString() })
        {
            using var get = await _registry.SendAsync(HttpMethod.Get, $"/v2/team/app/manifests/{reference}");
            Assert.Equal(manifest, await get.BytesAsync());
            Assert.Equal(MediaTypes.OciManifest, get.Header("Content-Type"));
            Assert.Equal(digest.ToString(), get.Header("Docker-Content-Digest"));
            using var head = await _registry.SendAsync(HttpMethod.Head, $"/v2/team/app/manifests/{reference}");
            Assert.Equal(manifest.Length, head.Content.Headers.ContentLength);
            Assert.Equal(digest.ToString(), head.Header("Docker-Content-Digest"));
        }
    }

    [Fact]
    public async Task ManifestSurvivesARestart()
    {
        var manifest = await _registry.PushImageAsync("app", "v1");
        await _registry.RestartAsync();
        using var get = await _registry.SendAsync(HttpMethod.Get, "/v2/app/manifests/v1");
        Assert.Equal(manifest, await get.BytesAsync());
    }

    [Fact]
    public async Task ParametersOfTheContentTypeAreIgnored()
    {
        var manifest = await _registry.ManifestAsync("app", "x");
        using var put = await PutAsync("app", "v1", manifest, MediaTypes.OciManifest + "; charset=utf-8");
        Assert.Equal(HttpStatusCode.Created, put.StatusCode);
        using var get = await _registry.SendAsync(HttpMethod.Get, "/v2/app/manifests/v1");
        Assert.Equal(MediaTypes.OciManifest, get.Header("Content-Type"));
    }

    [Fact]
    public async Task ManifestThatRefersToAMissingBlobIsRefused()
    {
        var manifest = await _registry.ManifestAsync("other", "x");
        using var put = await PutAsync("app", "v1", manifest);
        await put.IsAsync(HttpStatusCode.BadRequest, "MANIFEST_BLOB_UNKNOWN");
        using var get = await _registry.SendAsync(HttpMethod.Get, "/v2/app/manifests/v1");
        Assert.Equal(HttpStatusCode.NotFound, get.StatusCode);
    }

    [Theory]
    [InlineData("not json")]
    [InlineData("null")]
    [InlineData("{}")]
    [InlineData("""{"schemaVersion":1,"name":"old"}""")]
    [InlineData("""{"schemaVersion":2,"layers":[]}""")]
    [InlineData("""{"schemaVersion":2,"config":{"mediaType":"a","digest":"sha256:zz","size":1},"layers":[]}""")]
    [InlineData("""{"schemaVersion":2,"mediaType":"application/vnd.oci.image.index.v1+json","manifests":[]}""")]
    public async Task ManifestThatIsNoneIsRefused(string manifest)
    {
        using var put = await PutAsync("app", "v1", Encoding.UTF8.GetBytes(manifest));
        await put.IsAsync(HttpStatusCode.BadRequest, "MANIFEST_INVALID");
    }

    [Fact]
    public async Task ManifestPushedUnderAnotherDigestIsRefused()
    {
        var manifest = await _registry.ManifestAsync("app", "x");
        using var put = await PutAsync("app", Digest.Compute("x"u8).ToString(), manifest);
        await put.IsAsync(HttpStatusCode.BadRequest, "DIGEST_INVALID");
    }

    [Fact]
    public async Task ManifestOfFourMebibytesIsTakenAndALargerOneIsNot()
    {
        var note = new string('a', 3_900_000);
        var large = await _registry.ManifestAsync("app", "x", $$""", "annotations":{"note":"{{note}}"}""");
        using var taken = await PutAsync("app", "large", large);
        Assert.Equal(HttpStatusCode.Created, taken.StatusCode);
        using var refused = await PutAsync("app", "larger", new byte[OciJson.MaxManifestBytes + 1]);
        await refused.IsAsync(HttpStatusCode.RequestEntityTooLarge, "SIZE_INVALID");
    }

    [Fact]
    public async Task DeletingADigestDeletesItsTagsAndDeletingATagLeavesTheManifest()
    {
        var manifest = await _registry.PushImageAsync("app", "v1");
        await _registry.PushImageAsync("app", "v2");
        var digest = Digest.Compute(manifest);

        using var tag = await _registry.SendAsync(HttpMethod.Delete, "/v2/app/manifests/v1");
        Assert.Equal(HttpStatusCode.Accepted, tag.StatusCode);
        using var gone = await _registry.SendAsync(HttpMethod.Get, "/v2/app/manifests/v1");
        await gone.IsAsync(HttpStatusCode.NotFound, "MANIFEST_UNKNOWN");
        using var stays = await _registry.SendAsync(HttpMethod.Get, $"/v2/app/manifests/{digest}");
        Assert.Equal(manifest, await stays.BytesAsync());

        using var all = await _registry.SendAsync(HttpMethod.Delete, $"/v2/app/manifests/{digest}");
        Assert.Equal(HttpStatusCode.Accepted, all.StatusCode);
        using var list = await _registry.SendAsync(HttpMethod.Get, "/v2/app/tags/list");
        Assert.Empty(await list.StringsAsync("tags"));
        using var again = await _registry.SendAsync(HttpMethod.Delete, $"/v2/app/manifests/{digest}");
        await again.IsAsync(HttpStatusCode.NotFound, "MANIFEST_UNKNOWN");
    }

    [Fact]
    public async Task SeveralTagsComeWithOnePushByDigest()
    {
        var manifest = await _registry.ManifestAsync("app", "x");
        using var put = await PutAsync("app", $"{Digest.Compute(manifest)}?tag=a&tag=b", manifest);
        Assert.Equal(HttpStatusCode.Created, put.StatusCode);
        Assert.Equal("a,b", put.Header("OCI-Tag"));
        using var get = await _registry.SendAsync(HttpMethod.Get, "/v2/app/manifests/b");
        Assert.Equal(manifest, await get.BytesAsync());
    }

    [Fact]
    public async Task ReferrersAreListedAndFiltered()
    {
        var subject = Digest.Compute("not pushed yet"u8);
        using var none = await _registry.SendAsync(HttpMethod.Get, $"/v2/app/referrers/{subject}");
        Assert.Equal(HttpStatusCode.OK, none.StatusCode);
        Assert.Empty(ImageIndex.Parse(await none.BytesAsync(), "referrers").Manifests);

        var manifest = await _registry.ManifestAsync("app", "x", $$"""
            , "artifactType":"application/vnd.example+json", "annotations":{"who":"me"},
            "subject":{"mediaType":"application/vnd.oci.image.manifest.v1+json","digest":"{{subject}}","size":14}
            """);
        using var put = await PutAsync("app", "signature", manifest);
        Assert.Equal(subject.ToString(), put.Header("OCI-Subject"));

        using var all = await _registry.SendAsync(HttpMethod.Get, $"/v2/app/referrers/{subject}");
        Assert.Equal(MediaTypes.OciIndex, all.Header("Content-Type"));
        var referrer = Assert.Single(ImageIndex.Parse(await all.BytesAsync(), "referrers").Manifests);
        Assert.Equal(Digest.Compute(manifest), referrer.Digest);
        Assert.Equal("application/vnd.example+json", referrer.ArtifactType);
        Assert.Equal("me", referrer.Annotations!["who"]);

        using var filtered = await _registry.SendAsync(HttpMethod.Get, $"/v2/app/referrers/{subject}?artifactType=other/type");
        Assert.Equal("artifactType", filtered.Header("OCI-Filters-Applied"));
        Assert.Empty(ImageIndex.Parse(await filtered.BytesAsync(), "referrers").Manifests);
    }

    [Fact]
    public async Task IndexNeedsItsManifests()
    {
        var manifest = await _registry.PushImageAsync("app", "v1");
        string Index(Digest digest) => $$"""
            {"schemaVersion":2,"mediaType":"{{MediaTypes.OciIndex}}","manifests":[{"mediaType":"{{MediaTypes.OciManifest}}","digest":"{{digest}}","size":{{manifest.Length}}}]}
            """;
        using var whole = await PutAsync("app", "all", Encoding.UTF8.GetBytes(Index(Digest.Compute(manifest))), MediaTypes.OciIndex);
        Assert.Equal(HttpStatusCode.Created, whole.StatusCode);
        using var sparse = await PutAsync("app", "some", Encoding.UTF8.GetBytes(Index(Digest.Compute("x"u8))), MediaTypes.OciIndex);
        await sparse.IsAsync(HttpStatusCode.BadRequest, "MANIFEST_BLOB_UNKNOWN");
    }

    private Task<HttpResponseMessage> PutAsync(string repository, string reference, byte[] manifest, string contentType = MediaTypes.OciManifest) =>
        _registry.SendAsync(HttpMethod.Put, $"/v2/{repository}/manifests/{reference}", manifest, contentType);
}
