using System.Net;

namespace Suite.Registry.Tests.Distribution;

public sealed class ListTests : IAsyncLifetime
{
    private RunningRegistry _registry = null!;

    public async ValueTask InitializeAsync() => _registry = await RunningRegistry.StartAsync();

    public ValueTask DisposeAsync() => _registry.DisposeAsync();

    [Fact]
    public async Task TagsComeInOrderAndInPages()
    {
        foreach (var tag in new[] { "v2", "v10", "V1", "latest", "v1" })
            await _registry.PushImageAsync("app", tag);

        Assert.Equal(["V1", "latest", "v1", "v10", "v2"], await TagsAsync("/v2/app/tags/list"));
        using var first = await _registry.SendAsync(HttpMethod.Get, "/v2/app/tags/list?n=2");
        Assert.Equal(["V1", "latest"], await first.StringsAsync("tags"));
        var next = first.Header("Link");
        Assert.Equal("</v2/app/tags/list?n=2&last=latest>; rel=\"next\"", next);
        Assert.Equal(["v1", "v10"], await TagsAsync(next[1..next.IndexOf('>', StringComparison.Ordinal)]));

        using var exact = await _registry.SendAsync(HttpMethod.Get, "/v2/app/tags/list?n=5");
        Assert.Equal("", exact.Header("Link"));
        using var zero = await _registry.SendAsync(HttpMethod.Get, "/v2/app/tags/list?n=0");
        Assert.Empty(await zero.StringsAsync("tags"));
        Assert.Equal("", zero.Header("Link"));
        Assert.Equal(["v2"], await TagsAsync("/v2/app/tags/list?last=v10"));
        using var wrong = await _registry.SendAsync(HttpMethod.Get, "/v2/app/tags/list?n=-1");
        Assert.Equal(HttpStatusCode.BadRequest, wrong.StatusCode);
    }

    [Fact]
    public async Task TagsOfAnUnknownRepositoryAreNotFound()
    {
        using var response = await _registry.SendAsync(HttpMethod.Get, "/v2/app/tags/list");
        await response.IsAsync(HttpStatusCode.NotFound, "NAME_UNKNOWN");
    }

    [Fact]
    public async Task CatalogListsRepositoriesThatHoldAnImage()
    {
        await _registry.PushImageAsync("b/two", "v1");
        await _registry.PushImageAsync("a", "v1");
        await _registry.PushBlobAsync("only/blobs", [1]);
        using var all = await _registry.SendAsync(HttpMethod.Get, "/v2/_catalog");
        Assert.Equal(["a", "b/two"], await all.StringsAsync("repositories"));
        using var page = await _registry.SendAsync(HttpMethod.Get, "/v2/_catalog?n=1");
        Assert.Equal("</v2/_catalog?n=1&last=a>; rel=\"next\"", page.Header("Link"));
    }

    [Fact]
    public async Task PingAnswersAtOnce()
    {
        using var response = await _registry.SendAsync(HttpMethod.Get, "/v2/");
        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
        Assert.Equal("registry/2.0", response.Header("Docker-Distribution-Api-Version"));
    }

    [Theory]
    [InlineData("/v2/Upper/manifests/v1", 400, "NAME_INVALID")]
    [InlineData("/v2/a..b/manifests/v1", 400, "NAME_INVALID")]
    [InlineData("/v2/%2e%2e%2fetc/manifests/v1", 400, "NAME_INVALID")]
    [InlineData("/v2/app/manifests/.hidden", 400, "MANIFEST_INVALID")]
    [InlineData("/v2/app/manifests/sha256:abc", 400, "DIGEST_INVALID")]
    [InlineData("/v2/app/manifests/v1", 404, "NAME_UNKNOWN")]
    [InlineData("/v2/app/blobs/nonsense", 400, "DIGEST_INVALID")]
    [InlineData("/v2/app/blobs/uploads/nonsense", 404, "BLOB_UPLOAD_UNKNOWN")]
    [InlineData("/v2/app/referrers/nonsense", 400, "DIGEST_INVALID")]
    [InlineData("/v2/nonsense", 404, "UNSUPPORTED")]
    public async Task RequestOutOfGrammarIsRefusedWithItsCode(string path, int status, string code)
    {
        using var response = await _registry.SendAsync(HttpMethod.Get, path);
        await response.IsAsync((HttpStatusCode)status, code);
    }

    [Fact]
    public async Task MethodThatIsNotPossibleIsRefused()
    {
        using var response = await _registry.SendAsync(HttpMethod.Put, "/v2/app/tags/list");
        await response.IsAsync(HttpStatusCode.MethodNotAllowed, "UNSUPPORTED");
    }

    [Fact]
    public async Task AdministrationIsNotServedOverHttp()
    {
        using var response = await _registry.SendAsync(HttpMethod.Post, "/suite.registry.v1.Registry/Status", [0, 0, 0, 0, 0], "application/grpc");
        Assert.Equal(HttpStatusCode.NotFound, response.StatusCode);
    }

    private async Task<string[]> TagsAsync(string path)
    {
        using var response = await _registry.SendAsync(HttpMethod.Get, path);
        return await response.StringsAsync("tags");
    }
}
