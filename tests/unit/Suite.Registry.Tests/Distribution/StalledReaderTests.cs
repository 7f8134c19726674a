using System.Diagnostics;
using System.Net;
using System.Net.Security;
using System.Net.Sockets;
using System.Text;
using Suite.Oci.References;
using Suite.Registry.Tests.Listening;
using Suite.Testing.Files;

namespace Suite.Registry.Tests.Distribution;

/// <summary>Readers who ask for a blob and take nothing, or little.</summary>
public sealed class StalledReaderTests
{
    private const int Readers = 24;

    // More than the kernel keeps for a connection.
    private const int Size = 24 << 20;

    // A piece of 256 KiB within five seconds, the least that Kestrel's clock is asked for.
    private const string Pace = "limits:slowestDownload=65536";

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Who_takes_nothing_is_cut_off_and_gives_back_what_was_open_for_him(bool encrypted)
    {
        using var folder = new TempFolder("registry");
        var (registry, digest) = await StartAsync(folder, encrypted);
        await using (registry)
        {
            var connections = new List<(TcpClient Client, Stream Stream)>();
            for (var i = 0; i < Readers; i++)
                connections.Add(await AskAsync(registry, digest, encrypted));
            await AllOpenAsync(registry.State, Readers);
            var began = Stopwatch.GetTimestamp();
            // The patient one reads all the while, and others are served.
            using (var ping = await PingAsync(registry))
                Assert.Equal(HttpStatusCode.OK, ping.StatusCode);
            await WaitForNoneAsync(registry.State, TimeSpan.FromSeconds(20));
            Assert.True(Stopwatch.GetElapsedTime(began) > TimeSpan.FromSeconds(3), "cut off before the patience was over");
            foreach (var (client, stream) in connections)
            {
                Assert.True(await RestAsync(stream) < Size);
                await stream.DisposeAsync();
                client.Dispose();
            }
        }
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Who_rests_for_a_while_gets_everything(bool encrypted)
    {
        using var folder = new TempFolder("registry");
        var (registry, digest) = await StartAsync(folder, encrypted);
        await using (registry)
        {
            var (client, stream) = await AskAsync(registry, digest, encrypted);
            using (client)
            await using (stream)
            {
                await AllOpenAsync(registry.State, 1);
                await Task.Delay(TimeSpan.FromSeconds(3), Cancellation);
                Assert.True(await RestAsync(stream) >= Size);
            }
        }
    }

    private static async Task<(RunningRegistry Registry, Digest Digest)> StartAsync(TempFolder folder, bool encrypted)
    {
        string[] settings = [];
        if (encrypted)
            TestCertificates.Make(folder, out settings).Dispose();
        var registry = await RunningRegistry.StartAsync([Pace, .. settings]);
        var content = new byte[Size];
        using var http = Client(registry);
        using var body = new ByteArrayContent(content);
        using var pushed = await http.PostAsync($"/v2/app/blobs/uploads/?digest={Digest.Compute(content)}", body, Cancellation);
        Assert.Equal(HttpStatusCode.Created, pushed.StatusCode);
        return (registry, Digest.Compute(content));
    }

    private static async Task<HttpResponseMessage> PingAsync(RunningRegistry registry)
    {
        using var http = Client(registry);
        return await http.GetAsync("/v2/", Cancellation);
    }

    private static HttpClient Client(RunningRegistry registry) =>
        new(new HttpClientHandler { ServerCertificateCustomValidationCallback = HttpClientHandler.DangerousAcceptAnyServerCertificateValidator })
        {
            BaseAddress = registry.Http.BaseAddress,
        };

    private static async Task<(TcpClient Client, Stream Stream)> AskAsync(RunningRegistry registry, Digest digest, bool encrypted)
    {
        var client = new TcpClient { ReceiveBufferSize = 4096 };
        await client.ConnectAsync(IPAddress.Loopback, registry.Http.BaseAddress!.Port, Cancellation);
        Stream stream = client.GetStream();
        if (encrypted)
        {
            var secure = new SslStream(stream);
            await secure.AuthenticateAsClientAsync(
                new SslClientAuthenticationOptions { TargetHost = "registry", RemoteCertificateValidationCallback = (_, _, _, _) => true }, Cancellation);
            stream = secure;
        }

        await stream.WriteAsync(Encoding.ASCII.GetBytes($"GET /v2/app/blobs/{digest} HTTP/1.1\r\nHost: registry\r\nConnection: close\r\n\r\n"), Cancellation);
        return (client, stream);
    }

    private static async Task AllOpenAsync(string state, int count)
    {
        for (var began = Stopwatch.GetTimestamp(); OpenBlobs.Count(state) < count && Stopwatch.GetElapsedTime(began) < TimeSpan.FromSeconds(4);)
            await Task.Delay(10, Cancellation);
        Assert.Equal(count, OpenBlobs.Count(state));
    }

    private static async Task WaitForNoneAsync(string state, TimeSpan patience)
    {
        for (var began = Stopwatch.GetTimestamp(); OpenBlobs.Count(state) > 0 && Stopwatch.GetElapsedTime(began) < patience;)
            await Task.Delay(50, Cancellation);
        Assert.Equal(0, OpenBlobs.Count(state));
    }

    /// <summary>How many bytes still come before the end, whichever way the connection ends.</summary>
    private static async Task<long> RestAsync(Stream stream)
    {
        var buffer = new byte[65536];
        long length = 0;
        try
        {
            int read;
            while ((read = await stream.ReadAsync(buffer, Cancellation)) > 0)
                length += read;
        }
        catch (IOException)
        {
            // Cut off.
        }

        return length;
    }
}
