using System.Net;
using Suite.Oci.References;

namespace Suite.Registry.Tests.Distribution;

public sealed class BlobTests : IAsyncLifetime
{
    private static readonly byte[] Content = [.. Enumerable.Range(0, 4000).Select(i => (byte)(i * 7))];

    private RunningRegistry _registry = null!;
    private Digest _digest = null!;

    public async ValueTask InitializeAsync()
    {
        _registry = await RunningRegistry.StartAsync();
        _digest = await _registry.PushBlobAsync("app", Content);
    }

    public ValueTask DisposeAsync() => _registry.DisposeAsync();

    [Theory]
    [InlineData("bytes=500-1499", 500, 1499)]
    [InlineData("bytes=500-", 500, 3999)]
    [InlineData("bytes=-500", 3500, 3999)]
    [InlineData("bytes=2000-5000", 2000, 3999)]
    [InlineData("bytes=-9000", 0, 3999)]
    public async Task RangeIsServed(string range, int first, int last)
    {
        using var response = await GetAsync(range);
        Assert.Equal(HttpStatusCode.PartialContent, response.StatusCode);
        Assert.Equal($"bytes {first}-{last}/4000", response.Header("Content-Range"));
        Assert.Equal(Content[first..(last + 1)], await response.BytesAsync());
    }

    [Theory]
    [InlineData("bytes=500-0")]
    [InlineData("bytes=5000-10000")]
    [InlineData("bytes=-0")]
    public async Task RangeOutsideIsRefused(string range)
    {
        using var response = await GetAsync(range);
        await response.IsAsync(HttpStatusCode.RequestedRangeNotSatisfiable, "SIZE_INVALID");
        Assert.Equal("bytes */4000", response.Header("Content-Range"));
    }

    [Theory]
    [InlineData("lines=1-2")]
    [InlineData("bytes=a-b")]
    [InlineData("bytes=0-1,5-6")]
    public async Task RangeThatIsNotUnderstoodServesEverything(string range)
    {
        using var response = await GetAsync(range);
        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
        Assert.Equal(Content, await response.BytesAsync());
    }

    [Fact]
    public async Task BlobOfAnotherRepositoryIsNotServed()
    {
        using var response = await _registry.SendAsync(HttpMethod.Get, $"/v2/other/blobs/{_digest}");
        await response.IsAsync(HttpStatusCode.NotFound, "BLOB_UNKNOWN");
    }

    [Fact]
    public async Task KnownContentIsNotSentAgain()
    {
        using var response = await _registry.SendAsync(HttpMethod.Get, $"/v2/app/blobs/{_digest}", null, null, ("If-None-Match", $"\"{_digest}\""));
        Assert.Equal(HttpStatusCode.NotModified, response.StatusCode);
    }

    [Fact]
    public async Task DeletedBlobIsGoneAtOnceHereAndStaysElsewhere()
    {
        await _registry.PushBlobAsync("other", Content);
        using var delete = await _registry.SendAsync(HttpMethod.Delete, $"/v2/app/blobs/{_digest}");
        Assert.Equal(HttpStatusCode.Accepted, delete.StatusCode);
        using var here = await _registry.SendAsync(HttpMethod.Get, $"/v2/app/blobs/{_digest}");
        await here.IsAsync(HttpStatusCode.NotFound, "BLOB_UNKNOWN");
        using var there = await _registry.SendAsync(HttpMethod.Get, $"/v2/other/blobs/{_digest}");
        Assert.Equal(Content, await there.BytesAsync());

        using var last = await _registry.SendAsync(HttpMethod.Delete, $"/v2/other/blobs/{_digest}");
        Assert.Equal(HttpStatusCode.Accepted, last.StatusCode);
        Assert.Empty(Directory.GetFiles(Path.Combine(_registry.State, "blobs"), "*", SearchOption.AllDirectories));
        using var again = await _registry.SendAsync(HttpMethod.Delete, $"/v2/other/blobs/{_digest}");
        await again.IsAsync(HttpStatusCode.NotFound, "BLOB_UNKNOWN");
    }

    [Fact]
    public async Task BlobThatAManifestNeedsIsNotDeleted()
    {
        await _registry.PushImageAsync("app", "v1");
        using var response = await _registry.SendAsync(HttpMethod.Delete, $"/v2/app/blobs/{Digest.Compute("{}"u8)}");
        await response.IsAsync(HttpStatusCode.MethodNotAllowed, "DENIED");
    }

    private Task<HttpResponseMessage> GetAsync(string range) =>
        _registry.SendAsync(HttpMethod.Get, $"/v2/app/blobs/{_digest}", null, null, ("Range", range));
}
