using System.Net;
using System.Text;
using Suite.Oci.References;

namespace Suite.Registry.Tests.Distribution;

public sealed class UploadTests : IAsyncLifetime
{
    private static readonly byte[] Content = Encoding.ASCII.GetBytes(string.Concat(Enumerable.Range(0, 2000).Select(i => $"{i:d6}")));
    private static readonly Digest ContentDigest = Digest.Compute(Content);

    private RunningRegistry _registry = null!;

    public async ValueTask InitializeAsync() => _registry = await RunningRegistry.StartAsync();

    public ValueTask DisposeAsync() => _registry.DisposeAsync();

    [Fact]
    public async Task PostThenPutStoresABlob()
    {
        var location = await _registry.BeginUploadAsync("team/app");
        using var put = await _registry.SendAsync(HttpMethod.Put, $"{location}?digest={ContentDigest}", Content);
        Assert.Equal(HttpStatusCode.Created, put.StatusCode);
        Assert.Equal($"/v2/team/app/blobs/{ContentDigest}", put.Header("Location"));

        using var head = await _registry.SendAsync(HttpMethod.Head, put.Header("Location"));
        Assert.Equal(Content.Length, head.Content.Headers.ContentLength);
        Assert.Equal(ContentDigest.ToString(), head.Header("Docker-Content-Digest"));
        using var get = await _registry.SendAsync(HttpMethod.Get, put.Header("Location"));
        Assert.Equal(Content, await get.BytesAsync());
    }

    [Theory]
    [InlineData(DigestAlgorithm.Sha256)]
    [InlineData(DigestAlgorithm.Sha512)]
    public async Task SinglePostStoresABlob(DigestAlgorithm algorithm)
    {
        var digest = Digest.Compute(Content, algorithm);
        using var post = await _registry.SendAsync(HttpMethod.Post, $"/v2/app/blobs/uploads/?digest={digest}", Content);
        Assert.Equal(HttpStatusCode.Created, post.StatusCode);
        using var get = await _registry.SendAsync(HttpMethod.Get, $"/v2/app/blobs/{digest}");
        Assert.Equal(Content, await get.BytesAsync());
    }

    [Fact]
    public async Task HashFunctionNamedOnlyAtTheEndIsComputedFromDisk()
    {
        var location = await _registry.BeginUploadAsync("app");
        using var patch = await _registry.SendAsync(HttpMethod.Patch, location, Content);
        Assert.Equal(HttpStatusCode.Accepted, patch.StatusCode);
        using var put = await _registry.SendAsync(HttpMethod.Put, $"{location}?digest={Digest.Compute(Content, DigestAlgorithm.Sha512)}");
        Assert.Equal(HttpStatusCode.Created, put.StatusCode);
    }

    [Fact]
    public async Task ChunksInOrderAreTakenAndTheLastMayComeWithPut()
    {
        var location = await _registry.BeginUploadAsync("app");
        using var first = await _registry.SendAsync(HttpMethod.Patch, location, Content[..5000], null, ("Content-Range", "0-4999"));
        Assert.Equal(HttpStatusCode.Accepted, first.StatusCode);
        Assert.Equal("0-4999", first.Header("Range"));
        using var second = await _registry.SendAsync(HttpMethod.Patch, first.Header("Location"), Content[5000..9000], null, ("Content-Range", "5000-8999"));
        Assert.Equal("0-8999", second.Header("Range"));
        using var put = await _registry.SendAsync(
            HttpMethod.Put, $"{second.Header("Location")}?digest={ContentDigest}", Content[9000..], null, ("Content-Range", $"9000-{Content.Length - 1}"));
        Assert.Equal(HttpStatusCode.Created, put.StatusCode);
    }

    [Fact]
    public async Task ChunkOutOfOrderIsRefusedAndTheStatusSaysWhereToGoOn()
    {
        var location = await _registry.BeginUploadAsync("app");
        using var early = await _registry.SendAsync(HttpMethod.Patch, location, Content[5000..], null, ("Content-Range", $"5000-{Content.Length - 1}"));
        await early.IsAsync(HttpStatusCode.RequestedRangeNotSatisfiable, "BLOB_UPLOAD_INVALID");
        Assert.Equal("0-0", early.Header("Range"));

        using var first = await _registry.SendAsync(HttpMethod.Patch, location, Content[..5000], null, ("Content-Range", "0-4999"));
        using var again = await _registry.SendAsync(HttpMethod.Patch, location, Content[..5000], null, ("Content-Range", "0-4999"));
        await again.IsAsync(HttpStatusCode.RequestedRangeNotSatisfiable, "BLOB_UPLOAD_INVALID");
        using var status = await _registry.SendAsync(HttpMethod.Get, location);
        Assert.Equal(HttpStatusCode.NoContent, status.StatusCode);
        Assert.Equal("0-4999", status.Header("Range"));
        Assert.Equal(location, status.Header("Location"));
    }

    [Fact]
    public async Task ChunkWhoseLengthContradictsItsRangeIsRefused()
    {
        var location = await _registry.BeginUploadAsync("app");
        using var response = await _registry.SendAsync(HttpMethod.Patch, location, Content[..100], null, ("Content-Range", "0-199"));
        await response.IsAsync(HttpStatusCode.BadRequest, "SIZE_INVALID");
    }

    [Fact]
    public async Task ContentWithAnotherDigestIsRefusedAndLeavesNothing()
    {
        var location = await _registry.BeginUploadAsync("app");
        var wrong = Digest.Compute("other"u8);
        using var put = await _registry.SendAsync(HttpMethod.Put, $"{location}?digest={wrong}", Content);
        await put.IsAsync(HttpStatusCode.BadRequest, "DIGEST_INVALID");
        using var head = await _registry.SendAsync(HttpMethod.Get, $"/v2/app/blobs/{wrong}");
        await head.IsAsync(HttpStatusCode.NotFound, "BLOB_UNKNOWN");
        Assert.Empty(Directory.GetFiles(Path.Combine(_registry.State, "uploads")));
    }

    [Theory]
    [InlineData("sha256:abc")]
    [InlineData("md5:d41d8cd98f00b204e9800998ecf8427e")]
    [InlineData("sha256:../../../../etc/passwd")]
    public async Task DigestOutOfGrammarIsRefused(string digest)
    {
        var location = await _registry.BeginUploadAsync("app");
        using var put = await _registry.SendAsync(HttpMethod.Put, $"{location}?digest={Uri.EscapeDataString(digest)}", Content);
        await put.IsAsync(HttpStatusCode.BadRequest, "DIGEST_INVALID");
    }

    [Fact]
    public async Task UploadIsKnownUnderItsOwnRepositoryOnly()
    {
        var location = await _registry.BeginUploadAsync("mine");
        using var response = await _registry.SendAsync(HttpMethod.Get, location.Replace("/mine/", "/yours/", StringComparison.Ordinal));
        await response.IsAsync(HttpStatusCode.NotFound, "BLOB_UPLOAD_UNKNOWN");
    }

    [Fact]
    public async Task CancelledUploadIsGone()
    {
        var location = await _registry.BeginUploadAsync("app");
        using var cancel = await _registry.SendAsync(HttpMethod.Delete, location);
        Assert.Equal(HttpStatusCode.NoContent, cancel.StatusCode);
        using var status = await _registry.SendAsync(HttpMethod.Get, location);
        await status.IsAsync(HttpStatusCode.NotFound, "BLOB_UPLOAD_UNKNOWN");
        Assert.Empty(Directory.GetFiles(Path.Combine(_registry.State, "uploads")));
    }

    [Fact]
    public async Task UploadGoesOnAfterARestart()
    {
        var location = await _registry.BeginUploadAsync("app");
        using var patch = await _registry.SendAsync(HttpMethod.Patch, location, Content[..7000]);
        await _registry.RestartAsync();
        using var status = await _registry.SendAsync(HttpMethod.Get, location);
        Assert.Equal("0-6999", status.Header("Range"));
        using var put = await _registry.SendAsync(HttpMethod.Put, $"{location}?digest={ContentDigest}", Content[7000..]);
        Assert.Equal(HttpStatusCode.Created, put.StatusCode);
    }

    [Fact]
    public async Task UploadThatNobodyTouchedForADayIsThrownAway()
    {
        var old = await _registry.BeginUploadAsync("app");
        var fresh = await _registry.BeginUploadAsync("app");
        var folder = new DirectoryInfo(Path.Combine(_registry.State, "uploads"));
        folder.GetFiles().Single(file => file.Name.EndsWith(old.Split('/')[^1], StringComparison.Ordinal)).LastWriteTimeUtc = DateTime.UtcNow.AddHours(-25);
        await _registry.RestartAsync();
        for (var i = 0; i < 100 && folder.GetFiles().Length > 1; i++) await Task.Delay(50, TestContext.Current.CancellationToken);
        using var gone = await _registry.SendAsync(HttpMethod.Get, old);
        await gone.IsAsync(HttpStatusCode.NotFound, "BLOB_UPLOAD_UNKNOWN");
        using var there = await _registry.SendAsync(HttpMethod.Get, fresh);
        Assert.Equal(HttpStatusCode.NoContent, there.StatusCode);
    }

    [Fact]
    public async Task EmptyBlobIsABlob()
    {
        var digest = await _registry.PushBlobAsync("app", []);
        using var get = await _registry.SendAsync(HttpMethod.Get, $"/v2/app/blobs/{digest}");
        Assert.Equal(HttpStatusCode.OK, get.StatusCode);
        Assert.Empty(await get.BytesAsync());
    }

    [Fact]
    public async Task MountTakesABlobFromAnotherRepository()
    {
        await _registry.PushBlobAsync("from", Content);
        using var named = await _registry.SendAsync(HttpMethod.Post, $"/v2/to/blobs/uploads/?mount={ContentDigest}&from=from");
        Assert.Equal(HttpStatusCode.Created, named.StatusCode);
        Assert.Equal($"/v2/to/blobs/{ContentDigest}", named.Header("Location"));
        using var anonymous = await _registry.SendAsync(HttpMethod.Post, $"/v2/third/blobs/uploads/?mount={ContentDigest}");
        Assert.Equal(HttpStatusCode.Created, anonymous.StatusCode);
        using var get = await _registry.SendAsync(HttpMethod.Get, $"/v2/third/blobs/{ContentDigest}");
        Assert.Equal(Content, await get.BytesAsync());
    }

    [Fact]
    public async Task MountOfWhatIsNotThereBeginsAnUpload()
    {
        using var response = await _registry.SendAsync(HttpMethod.Post, $"/v2/to/blobs/uploads/?mount={ContentDigest}&from=nowhere");
        Assert.Equal(HttpStatusCode.Accepted, response.StatusCode);
        Assert.Contains("/v2/to/blobs/uploads/", response.Header("Location"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task EqualContentIsStoredOnceEvenWhenPushedAtTheSameTime()
    {
        await Task.WhenAll(Enumerable.Range(0, 8).Select(i => _registry.PushBlobAsync($"repo{i}", Content)));
        Assert.Single(Directory.GetFiles(Path.Combine(_registry.State, "blobs"), "*", SearchOption.AllDirectories));
    }
}
