using System.Net;
using System.Net.Sockets;
using System.Text;

namespace Suite.Registry.Tests.Distribution;

/// <summary>Clients that do what no client should, on a socket of their own.</summary>
public sealed class BadClientTests
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    private static async Task<string> SendAsync(RunningRegistry registry, string request)
    {
        using var client = new TcpClient();
        await client.ConnectAsync(IPAddress.Loopback, registry.Http.BaseAddress!.Port, Cancellation);
        var stream = client.GetStream();
        try
        {
            await stream.WriteAsync(Encoding.ASCII.GetBytes(request), Cancellation);
            using var reader = new StreamReader(stream, Encoding.ASCII);
            return await reader.ReadLineAsync(Cancellation) ?? "";
        }
        catch (IOException)
        {
            // Cut off in the middle of what it sends.
            return "";
        }
    }

    [Theory]
    [InlineData(200, 10)]
    [InlineData(2, 30_000)]
    public async Task A_flood_of_headers_is_refused_and_the_next_caller_served(int count, int length)
    {
        await using var registry = await RunningRegistry.StartAsync();
        var headers = string.Concat(Enumerable.Range(0, count).Select(i => $"X-Flood-{i}: {new string('a', length)}\r\n"));
        var answer = await SendAsync(registry, $"GET /v2/ HTTP/1.1\r\nHost: registry\r\n{headers}\r\n");
        Assert.True(answer is "" || answer.StartsWith("HTTP/1.1 431", StringComparison.Ordinal), answer);
        using var ping = await registry.SendAsync(HttpMethod.Get, "/v2/");
        Assert.Equal(HttpStatusCode.OK, ping.StatusCode);
    }

    [Theory]
    [InlineData("GET /v2/../../etc/passwd HTTP/1.1")]
    [InlineData("GET /v2/app/blobs/..%2f..%2fregistry.db HTTP/1.1")]
    [InlineData("GET /ui/../registry.db HTTP/1.1")]
    [InlineData("GET /v2/app/manifests/%00 HTTP/1.1")]
    public async Task Paths_that_climb_lead_nowhere(string line)
    {
        await using var registry = await RunningRegistry.StartAsync();
        Assert.Matches("^HTTP/1.1 40[04]", await SendAsync(registry, line + "\r\nHost: registry\r\n\r\n"));
    }

    [Fact]
    public async Task A_sender_that_falls_silent_is_cut_off_and_can_go_on_later()
    {
        await using var registry = await RunningRegistry.StartAsync("limits:slowestUpload=1000000");
        var location = await registry.BeginUploadAsync("app");
        // Ten bytes of a thousand; the answer, or the end, comes when the patience of five seconds is over.
        var answer = await SendAsync(registry, $"PATCH {location} HTTP/1.1\r\nHost: registry\r\nContent-Length: 1000\r\n\r\n0123456789");
        Assert.True(answer is "" || answer.StartsWith("HTTP/1.1 408", StringComparison.Ordinal), answer);
        using var status = await registry.SendAsync(HttpMethod.Get, location);
        Assert.Equal((HttpStatusCode.NoContent, "0-9"), (status.StatusCode, status.Header("Range")));
    }
}
