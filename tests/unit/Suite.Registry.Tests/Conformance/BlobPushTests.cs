using System.Net;
using Suite.Oci.References;

namespace Suite.Registry.Tests.Conformance;

/// <summary>Every way in which the conformance program pushes a blob, with either hash function: taken whole, found, pulled, deleted; or refused.</summary>
public sealed class BlobPushTests : IAsyncLifetime
{
    private const string Repository = "conformance/blobs";

    private static readonly byte[] Content = [.. Enumerable.Range(0, 4096).Select(i => (byte)(i * 13))];

    private RunningRegistry _registry = null!;

    public static TheoryData<DigestAlgorithm, string> Ways()
    {
        var ways = new TheoryData<DigestAlgorithm, string>();
        foreach (var algorithm in (DigestAlgorithm[])[DigestAlgorithm.Sha256, DigestAlgorithm.Sha512])
        {
            foreach (var way in (string[])["post", "put", "chunk", "stream", "chunks", "chunks and put", "chunks out of order"])
                ways.Add(algorithm, way);
        }

        return ways;
    }

    public async ValueTask InitializeAsync() => _registry = await RunningRegistry.StartAsync();

    public ValueTask DisposeAsync() => _registry.DisposeAsync();

    [Theory]
    [MemberData(nameof(Ways))]
    public async Task A_blob_comes_whole_and_goes_at_once(DigestAlgorithm algorithm, string way)
    {
        foreach (var content in (byte[][])[Content, .. way.StartsWith("chunks", StringComparison.Ordinal) ? (byte[][])[] : [[], "{}"u8.ToArray()]])
        {
            var digest = Digest.Compute(content, algorithm);
            using var pushed = await PushAsync(way, content, digest);
            Assert.Equal(HttpStatusCode.Created, pushed.StatusCode);
            Assert.Equal(digest.ToString(), pushed.Header("Docker-Content-Digest"));
            var location = pushed.Header("Location");
            using var head = await _registry.SendAsync(HttpMethod.Head, location);
            Assert.Equal((HttpStatusCode.OK, (long?)content.Length, digest.ToString()), (head.StatusCode, head.Content.Headers.ContentLength, head.Header("Docker-Content-Digest")));
            using var get = await _registry.SendAsync(HttpMethod.Get, location);
            Assert.Equal(content, await get.BytesAsync());
            using var delete = await _registry.SendAsync(HttpMethod.Delete, location);
            Assert.Equal(HttpStatusCode.Accepted, delete.StatusCode);
            using var gone = await _registry.SendAsync(HttpMethod.Head, location);
            Assert.Equal(HttpStatusCode.NotFound, gone.StatusCode);
        }
    }

    [Theory]
    [MemberData(nameof(Ways))]
    public async Task A_blob_with_another_digest_is_refused(DigestAlgorithm algorithm, string way)
    {
        var wrong = Digest.Compute("something else"u8, algorithm);
        using var pushed = await PushAsync(way, Content, wrong);
        await pushed.IsAsync(HttpStatusCode.BadRequest, "DIGEST_INVALID");
        using var head = await _registry.SendAsync(HttpMethod.Head, $"/v2/{Repository}/blobs/{wrong}");
        Assert.Equal(HttpStatusCode.NotFound, head.StatusCode);
    }

    private async Task<HttpResponseMessage> PushAsync(string way, byte[] content, Digest digest)
    {
        var uploads = $"/v2/{Repository}/blobs/uploads/";
        if (way == "post")
            return await _registry.SendAsync(HttpMethod.Post, $"{uploads}?digest={digest}", content);
        using var begun = await _registry.SendAsync(HttpMethod.Post, $"{uploads}?digest-algorithm={digest.AlgorithmName}");
        var location = begun.Header("Location");
        if (way is "stream" or "chunk")
            location = await PatchAsync(location, content, way == "chunk" && content.Length > 0 ? $"0-{content.Length - 1}" : null, content.Length);
        if (way is "put" or "stream" or "chunk")
            return await _registry.SendAsync(HttpMethod.Put, $"{location}?digest={digest}", way == "put" ? content : []);

        if (way == "chunks out of order")
        {
            using var early = await _registry.SendAsync(HttpMethod.Patch, location, content[1024..2048], null, ("Content-Range", "1024-2047"));
            Assert.Equal(HttpStatusCode.RequestedRangeNotSatisfiable, early.StatusCode);
            using var where = await _registry.SendAsync(HttpMethod.Get, location);
            Assert.Equal((HttpStatusCode.NoContent, "0-0"), (where.StatusCode, where.Header("Range")));
        }

        location = await PatchAsync(location, content[..1024], "0-1023", 1024);
        location = await PatchAsync(location, content[1024..2048], "1024-2047", 2048);
        if (way == "chunks and put")
            return await _registry.SendAsync(HttpMethod.Put, $"{location}?digest={digest}", content[2048..], null, ("Content-Range", "2048-4095"));
        location = await PatchAsync(location, content[2048..], "2048-4095", 4096);
        return await _registry.SendAsync(HttpMethod.Put, $"{location}?digest={digest}", []);
    }

    private async Task<string> PatchAsync(string location, byte[] content, string? range, int length)
    {
        using var answer = await _registry.SendAsync(HttpMethod.Patch, location, content, null, range is null ? [] : [("Content-Range", range)]);
        Assert.Equal((HttpStatusCode.Accepted, $"0-{Math.Max(0, length - 1)}"), (answer.StatusCode, answer.Header("Range")));
        return answer.Header("Location");
    }
}
