using System.Net;
using System.Security.Cryptography;
using Microsoft.AspNetCore.Http;
using Suite.Oci.References;
using Suite.Registry.V1;

namespace Suite.Registry.Tests.Upstreams;

/// <summary>How a blob comes through the cache when the upstream is slow, breaks off or lies.</summary>
public sealed class DownloadTests
{
    private readonly byte[] _content = RandomNumberGenerator.GetBytes(300_000);

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    private string PathOf(string repository = "far/app") => $"/v2/{repository}/blobs/{Digest.Compute(_content)}";

    private static Task<RunningRegistry> CacheOfAsync(FakeUpstream upstream) => RunningRegistry.StartAsync("upstreams:0:prefix=far", "upstreams:0:url=" + upstream.Address);

    private static async Task<int> VisibleAsync(RunningRegistry cache) =>
        (int)(await cache.Administration.StatusAsync(new StatusRequest(), cancellationToken: Cancellation)).Blobs;

    [Fact]
    public async Task The_first_byte_is_passed_on_before_the_last_arrives_and_all_who_ask_share_one_download()
    {
        var release = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        await using var upstream = await FakeUpstream.StartAsync(async http =>
        {
            http.Response.ContentLength = _content.Length;
            await http.Response.Body.WriteAsync(_content.AsMemory(0, 100_000), Cancellation);
            await http.Response.Body.FlushAsync(Cancellation);
            await release.Task;
            await http.Response.Body.WriteAsync(_content.AsMemory(100_000), Cancellation);
        });
        await using var cache = await CacheOfAsync(upstream);
        var readers = await Task.WhenAll(Enumerable.Range(0, 5).Select(async _ =>
        {
            var response = await cache.Http.GetAsync(PathOf(), HttpCompletionOption.ResponseHeadersRead, Cancellation);
            var stream = await response.Content.ReadAsStreamAsync(Cancellation);
            var first = new byte[50_000];
            await stream.ReadExactlyAsync(first, Cancellation);
            return (Response: response, Stream: stream, First: first);
        }));
        Assert.Single(upstream.Asked);
        Assert.Equal(0, await VisibleAsync(cache));

        // One goes away in the middle; the others, and the store, get all of it.
        readers[0].Response.Dispose();
        release.SetResult();
        foreach (var (response, stream, first) in readers.Skip(1))
        {
            using var rest = new MemoryStream();
            await stream.CopyToAsync(rest, Cancellation);
            Assert.Equal(_content, (byte[])[.. first, .. rest.ToArray()]);
            response.Dispose();
        }

        Assert.Equal(_content, await cache.Http.GetByteArrayAsync(PathOf(), Cancellation));
        Assert.Single(upstream.Asked);
        Assert.Equal(1, await VisibleAsync(cache));
    }

    [Fact]
    public async Task A_connection_that_breaks_is_gone_on_with_where_it_broke()
    {
        await using var upstream = await FakeUpstream.StartAsync(async http =>
        {
            var from = http.Request.Headers.Range.ToString() is { Length: > 0 } range ? int.Parse(range["bytes=".Length..^1], System.Globalization.CultureInfo.InvariantCulture) : 0;
            http.Response.StatusCode = from > 0 ? StatusCodes.Status206PartialContent : StatusCodes.Status200OK;
            http.Response.ContentLength = _content.Length - from;
            await http.Response.Body.WriteAsync(_content.AsMemory(from, Math.Min(120_000, _content.Length - from)), Cancellation);
            await http.Response.Body.FlushAsync(Cancellation);
            if (from + 120_000 < _content.Length)
                http.Abort();
        });
        await using var cache = await CacheOfAsync(upstream);
        Assert.Equal(_content, await cache.Http.GetByteArrayAsync(PathOf(), Cancellation));
        Assert.True(upstream.Asked.Count > 1);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(299_999)]
    public async Task Wrong_content_never_comes_through_whole_and_is_not_kept(int wrong)
    {
        var lie = (byte[])_content.Clone();
        lie[wrong] ^= 1;
        await using var upstream = await FakeUpstream.StartAsync(http =>
        {
            http.Response.ContentLength = lie.Length;
            return http.Response.Body.WriteAsync(lie, Cancellation).AsTask();
        });
        await using var cache = await CacheOfAsync(upstream);
        await Assert.ThrowsAnyAsync<HttpRequestException>(() => cache.Http.GetByteArrayAsync(PathOf(), Cancellation));
        Assert.Equal(0, await VisibleAsync(cache));
        Assert.Empty(Directory.GetFiles(Path.Combine(cache.State, "uploads")));
    }

    [Theory]
    [InlineData(404, HttpStatusCode.NotFound, "BLOB_UNKNOWN")]
    [InlineData(500, HttpStatusCode.ServiceUnavailable, "UNKNOWN")]
    public async Task What_the_upstream_refuses_is_answered_for(int status, HttpStatusCode expected, string code)
    {
        await using var upstream = await FakeUpstream.StartAsync(http =>
        {
            http.Response.StatusCode = status;
            return Task.CompletedTask;
        });
        await using var cache = await CacheOfAsync(upstream);
        using var response = await cache.SendAsync(HttpMethod.Get, PathOf());
        await response.IsAsync(expected, code);
    }
}
