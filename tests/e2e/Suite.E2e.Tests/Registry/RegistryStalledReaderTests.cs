using System.Diagnostics;
using System.Globalization;
using System.Net;
using System.Net.Security;
using System.Net.Sockets;
using System.Security.Cryptography;
using System.Text;
using Suite.E2e.Tests.Cli;
using Suite.Testing.Files;
using Suite.Testing.Requirements;
using Suite.Testing.Services;

namespace Suite.E2e.Tests.Registry;

/// <summary>A crowd that asks for a large layer and takes nothing of it: memory stays, others are served, and the crowd is sent away.</summary>
public sealed class RegistryStalledReaderTests
{
    private const int Readers = 150;

    // More than the kernel keeps for a connection.
    private const int Size = 32 << 20;

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    // What a connection of TLS, its handshake and what is encrypted and not taken come to; a plain one has its share of what the crowd woke up.
    [RootTheory(Needs = Need.Executables)]
    [InlineData(false, 160)]
    [InlineData(true, 640)]
    public async Task Readers_who_take_nothing_cost_little_and_are_cut_off(bool encrypted, int kibibytesEach)
    {
        using var folder = new TempFolder(InstanceName.OfCaller());
        await using var registry = new RegistryProcess(folder.FullName, ["limits:slowestDownload=32768", .. await CertificateAsync(folder, encrypted)]);
        await registry.StartAsync(Cancellation);
        var content = RandomNumberGenerator.GetBytes(Size);
        using (var pushed = await Pushes.PushAsync(registry.Http, "app", content, Cancellation))
            Assert.Equal(HttpStatusCode.Created, pushed.StatusCode);
        using (var pulled = await registry.Http.GetAsync($"/v2/app/blobs/{Pushes.DigestOf(content)}", Cancellation))
            Assert.Equal(content, await pulled.Content.ReadAsByteArrayAsync(Cancellation));

        var before = ProcessMemory.Of(registry.Id).Now;
        ProcessMemory.ForgetPeak(registry.Id);
        var readers = await Task.WhenAll(Enumerable.Range(0, Readers).Select(_ => AskAsync(registry, Pushes.DigestOf(content), encrypted)));
        try
        {
            await UntilAsync(() => registry.OpenFiles("/blobs/") == Readers, TimeSpan.FromSeconds(6), () => $"{registry.OpenFiles("/blobs/")} blobs are open for {Readers} readers");
            using (var ping = await registry.Http.GetAsync($"/v2/app/blobs/{Pushes.DigestOf(content)}", Cancellation))
                Assert.Equal(content, await ping.Content.ReadAsByteArrayAsync(Cancellation));
            // Eight seconds is what a piece may take.
            await UntilAsync(() => registry.OpenFiles("/blobs/") == 0, TimeSpan.FromSeconds(30), () => $"{registry.OpenFiles("/blobs/")} blobs are still open");
            var peak = ProcessMemory.Of(registry.Id).Peak;
            var each = (peak - before) / Readers;
            Assert.True(each <= kibibytesEach, $"{before} KiB before, {peak} KiB with {Readers} readers: {each} KiB for each");
            Assert.True(registry.OpenFiles("socket:") < Readers, $"{registry.OpenFiles("socket:")} sockets are still open");
        }
        finally
        {
            foreach (var reader in readers)
                await reader.DisposeAsync();
        }
    }

    private static async Task<string[]> CertificateAsync(TempFolder folder, bool encrypted)
    {
        if (!encrypted)
            return [];
        var cli = new CliProcess(folder.Path("run"));
        Assert.Equal(0, (await cli.RunAsync("registry", "cert", "--dir", folder.Path("tls"), "127.0.0.1")).ExitCode);
        return ["certificate=" + folder.Path("tls/registry.crt"), "key=" + folder.Path("tls/registry.key")];
    }

    private static async Task<Stream> AskAsync(RegistryProcess registry, string digest, bool encrypted)
    {
        var socket = new Socket(SocketType.Stream, ProtocolType.Tcp) { ReceiveBufferSize = 4096 };
        await socket.ConnectAsync(IPEndPoint.Parse(registry.Host), Cancellation);
        Stream stream = new NetworkStream(socket, ownsSocket: true);
        if (encrypted)
        {
            var secure = new SslStream(stream);
            await secure.AuthenticateAsClientAsync(
                new SslClientAuthenticationOptions { TargetHost = "registry", RemoteCertificateValidationCallback = (_, _, _, _) => true }, Cancellation);
            stream = secure;
        }

        await stream.WriteAsync(Encoding.ASCII.GetBytes(string.Create(CultureInfo.InvariantCulture, $"GET /v2/app/blobs/{digest} HTTP/1.1\r\nHost: registry\r\n\r\n")), Cancellation);
        return stream;
    }

    private static async Task UntilAsync(Func<bool> reached, TimeSpan patience, Func<string> otherwise)
    {
        for (var began = Stopwatch.GetTimestamp(); !reached(); await Task.Delay(50, Cancellation))
            Assert.True(Stopwatch.GetElapsedTime(began) < patience, otherwise());
    }
}
