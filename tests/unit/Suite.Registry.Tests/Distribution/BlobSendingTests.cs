using System.Collections.Concurrent;
using System.Diagnostics.Metrics;
using System.Net;
using System.Net.Sockets;
using System.Security.Cryptography;
using System.Text;
using Suite.Oci.References;
using Suite.Registry.Tests.Listening;
using Suite.Testing.Files;

namespace Suite.Registry.Tests.Distribution;

/// <summary>Blobs too large for one piece, by either way: from their files on plain connections, through memory on encrypted ones.</summary>
public sealed class BlobSendingTests : IAsyncLifetime
{
    private const int Size = 3_000_001;

    private static readonly byte[] Content = RandomNumberGenerator.GetBytes(Size);
    private static readonly string Path = $"/v2/app/blobs/{Digest.Compute(Content)}";

    private readonly TempFolder _folder = new("registry");

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public ValueTask InitializeAsync() => ValueTask.CompletedTask;

    public ValueTask DisposeAsync()
    {
        _folder.Dispose();
        return ValueTask.CompletedTask;
    }

    [Theory]
    [InlineData(false, null, 0, Size - 1)]
    [InlineData(false, "bytes=16383-16384", 16383, 16384)]
    [InlineData(false, "bytes=16384-", 16384, Size - 1)]
    [InlineData(false, "bytes=7-2500000", 7, 2500000)]
    [InlineData(false, "bytes=-300000", Size - 300000, Size - 1)]
    [InlineData(true, null, 0, Size - 1)]
    [InlineData(true, "bytes=7-2500000", 7, 2500000)]
    public async Task What_is_asked_for_comes_byte_for_byte(bool encrypted, string? range, int first, int last)
    {
        await using var registry = await StartAsync(encrypted);
        using var http = Client(registry);
        using var request = new HttpRequestMessage(HttpMethod.Get, Path);
        if (range is not null)
            request.Headers.TryAddWithoutValidation("Range", range);
        using var response = await http.SendAsync(request, Cancellation);
        Assert.Equal(range is null ? HttpStatusCode.OK : HttpStatusCode.PartialContent, response.StatusCode);
        Assert.Equal(last - first + 1, response.Content.Headers.ContentLength);
        var received = await response.BytesAsync();
        Assert.True(received.AsSpan().SequenceEqual(Content.AsSpan(first, last - first + 1)));
    }

    [Fact]
    public async Task Plain_connections_send_from_the_file_and_encrypted_ones_through_memory()
    {
        var counted = new ConcurrentDictionary<(object?, long), long>();
        using var listener = new MeterListener();
        listener.InstrumentPublished = (instrument, it) =>
        {
            if (instrument.Name == "suite.registry.blob.sent")
                it.EnableMeasurementEvents(instrument);
        };
        listener.SetMeasurementEventCallback<long>((_, value, tags, _) => counted.AddOrUpdate((tags[0].Value, value), 1, (_, count) => count + 1));
        listener.Start();
        // A length that no other test of this process sends.
        const int Rest = 50_001;
        foreach (var encrypted in (bool[])[false, true])
        {
            await using var registry = await StartAsync(encrypted);
            using var http = Client(registry);
            using var request = new HttpRequestMessage(HttpMethod.Get, Path);
            request.Headers.TryAddWithoutValidation("Range", $"bytes=0-{(16 * 1024) + Rest - 1}");
            using var response = await http.SendAsync(request, Cancellation);
            await response.BytesAsync();
            Assert.Equal(1, counted.GetValueOrDefault((encrypted ? "memory" : "file", Rest)));
        }
    }

    [Fact]
    public async Task A_connection_goes_on_after_a_blob_and_requests_may_come_before_the_answers()
    {
        await using var registry = await StartAsync(encrypted: false);
        using var client = await ConnectAsync(registry);
        var stream = client.GetStream();
        var get = $"GET {Path} HTTP/1.1\r\nHost: registry\r\n\r\n";
        await stream.WriteAsync(Encoding.ASCII.GetBytes(get + get + "GET /v2/ HTTP/1.1\r\nHost: registry\r\nConnection: close\r\n\r\n"), Cancellation);
        var all = new MemoryStream();
        await stream.CopyToAsync(all, Cancellation);
        var bytes = all.ToArray().AsSpan();
        foreach (var (length, content) in ((int, byte[])[])[(Size, Content), (Size, Content), (2, "{}"u8.ToArray())])
        {
            var end = bytes.IndexOf("\r\n\r\n"u8) + 4;
            var head = Encoding.ASCII.GetString(bytes[..end]);
            Assert.StartsWith("HTTP/1.1 200", head, StringComparison.Ordinal);
            Assert.Contains($"Content-Length: {length}\r\n", head, StringComparison.Ordinal);
            Assert.True(bytes.Slice(end, length).SequenceEqual(content));
            bytes = bytes[(end + length)..];
        }

        Assert.True(bytes.IsEmpty);
    }

    [Fact]
    public async Task A_client_of_HTTP_1_0_gets_the_blob_and_the_end()
    {
        await using var registry = await StartAsync(encrypted: false);
        using var client = await ConnectAsync(registry);
        var stream = client.GetStream();
        await stream.WriteAsync(Encoding.ASCII.GetBytes($"GET {Path} HTTP/1.0\r\n\r\n"), Cancellation);
        var all = new MemoryStream();
        await stream.CopyToAsync(all, Cancellation);
        var bytes = all.ToArray().AsSpan();
        Assert.True(bytes[(bytes.IndexOf("\r\n\r\n"u8) + 4)..].SequenceEqual(Content));
    }

    [Theory]
    [InlineData(100)]
    [InlineData(Size - 1)]
    public async Task Content_that_is_shorter_than_it_was_is_refused_and_not_begun(int left)
    {
        await using var registry = await StartAsync(encrypted: false);
        var file = Directory.GetFiles(System.IO.Path.Combine(registry.State, "blobs"), "*", SearchOption.AllDirectories).Single();
        using (var opened = File.OpenWrite(file))
            opened.SetLength(left);
        using var response = await registry.SendAsync(HttpMethod.Get, Path);
        await response.IsAsync(HttpStatusCode.InternalServerError, "UNKNOWN");
        Assert.Contains($"ends at byte {left}: push it again", await response.Content.ReadAsStringAsync(Cancellation), StringComparison.Ordinal);
        using var ping = await registry.SendAsync(HttpMethod.Get, "/v2/");
        Assert.Equal(HttpStatusCode.OK, ping.StatusCode);
    }

    [Fact]
    public async Task Content_that_shrinks_while_it_is_sent_ends_the_connection()
    {
        // More than the kernel keeps for a connection, so that the end is still to be read when it goes.
        const int Large = 24 << 20;
        await using var registry = await StartAsync(encrypted: false);
        var digest = await registry.PushBlobAsync("app", new byte[Large]);
        using var client = await ConnectAsync(registry, receiveBuffer: 4096);
        var stream = client.GetStream();
        await stream.WriteAsync(Encoding.ASCII.GetBytes($"GET /v2/app/blobs/{digest} HTTP/1.1\r\nHost: registry\r\n\r\n"), Cancellation);
        await stream.ReadExactlyAsync(new byte[1000], Cancellation);
        var path = Directory.GetFiles(registry.State, digest.Hex, SearchOption.AllDirectories).Single();
        using (var file = File.Open(path, FileMode.Open, FileAccess.Write, FileShare.ReadWrite | FileShare.Delete))
            file.SetLength(Large - 1000);
        long length = 1000;
        var buffer = new byte[65536];
        try
        {
            int read;
            while ((read = await stream.ReadAsync(buffer, Cancellation)) > 0)
                length += read;
        }
        catch (IOException)
        {
            // Reset: what a client cannot take for the end of the blob.
        }

        Assert.InRange(length, 1000, Large - 1);
        await OpenBlobs.NoneAsync(registry.State);
    }

    [Fact]
    public async Task A_client_who_leaves_in_the_middle_leaves_nothing_open()
    {
        await using var registry = await StartAsync(encrypted: false);
        for (var i = 0; i < 10; i++)
        {
            using var client = await ConnectAsync(registry, receiveBuffer: 4096);
            var stream = client.GetStream();
            await stream.WriteAsync(Encoding.ASCII.GetBytes($"GET {Path} HTTP/1.1\r\nHost: registry\r\n\r\n"), Cancellation);
            await stream.ReadExactlyAsync(new byte[1000], Cancellation);
            client.Client.LingerState = new LingerOption(i % 2 == 0, 0);
        }

        await OpenBlobs.NoneAsync(registry.State);
    }

    private static async Task<TcpClient> ConnectAsync(RunningRegistry registry, int receiveBuffer = 65536)
    {
        var client = new TcpClient { ReceiveBufferSize = receiveBuffer };
        await client.ConnectAsync(IPAddress.Loopback, registry.Http.BaseAddress!.Port, Cancellation);
        return client;
    }

    private static HttpClient Client(RunningRegistry registry) =>
        new(new HttpClientHandler { ServerCertificateCustomValidationCallback = HttpClientHandler.DangerousAcceptAnyServerCertificateValidator })
        {
            BaseAddress = registry.Http.BaseAddress,
        };

    private async Task<RunningRegistry> StartAsync(bool encrypted)
    {
        string[] settings = [];
        if (encrypted)
            TestCertificates.Make(_folder, out settings).Dispose();
        var registry = await RunningRegistry.StartAsync(settings);
        using var http = Client(registry);
        using var body = new ByteArrayContent(Content);
        using var pushed = await http.PostAsync($"/v2/app/blobs/uploads/?digest={Digest.Compute(Content)}", body, Cancellation);
        Assert.Equal(HttpStatusCode.Created, pushed.StatusCode);
        return registry;
    }
}
