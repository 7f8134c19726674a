using System.Collections.Concurrent;
using System.IO.Compression;
using System.Security.Cryptography.X509Certificates;
using System.Text;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Server.Kestrel.Https;
using Microsoft.Extensions.Logging;
using Suite.Image.Graph.Tar;
using Suite.Oci.Images;
using Suite.Oci.References;

namespace Suite.Root.Tests.Images;

/// <summary>A registry in the test's own process that can be told to misbehave.</summary>
internal sealed class FakeRegistry : IAsyncDisposable
{
    private readonly WebApplication _app;

    private FakeRegistry(WebApplication app) => _app = app;

    public ConcurrentDictionary<string, byte[]> Blobs { get; } = new();

    public ConcurrentDictionary<string, (byte[] Content, string Type)> Manifests { get; } = new();

    /// <summary>Sees every request first; true when it has answered.</summary>
    public Func<HttpContext, Task<bool>> Before { get; set; } = _ => Task.FromResult(false);

    public ConcurrentQueue<string> Requests { get; } = new();

    public string Host => new Uri(_app.Urls.First()).Authority;

    public static Task<FakeRegistry> StartAsync(string address = "127.0.0.1") => StartAsync(null, null, address);

    /// <param name="certificate">With it, the registry has TLS, and denies access to clients without a certificate of the authority.</param>
    public static async Task<FakeRegistry> StartAsync(X509Certificate2? certificate, X509Certificate2? authority, string address = "127.0.0.1")
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseKestrelHttpsConfiguration();
        builder.WebHost.UseUrls($"{(certificate is null ? "http" : "https")}://{address}:0").ConfigureKestrel(k =>
        {
            k.Limits.MaxRequestBodySize = null;
            k.ConfigureHttpsDefaults(https =>
            {
                https.ServerCertificate = certificate;
                https.ClientCertificateMode = ClientCertificateMode.AllowCertificate;
                https.ClientCertificateValidation = (client, _, _) => client.Issuer == authority?.Subject;
            });
        });
        var app = builder.Build();
        var registry = new FakeRegistry(app);
        app.Run(http =>
        {
            if (certificate is null || http.Connection.ClientCertificate is not null) return registry.AnswerAsync(http);
            http.Response.StatusCode = 403;
            return Task.CompletedTask;
        });
        await app.StartAsync(TestContext.Current.CancellationToken);
        return registry;
    }

    /// <summary>Adds an image of layers given as archives, and answers its manifest's digest.</summary>
    public Digest Add(string repository, string tag, params byte[][] layers) => Add(repository, tag, (d, _) => d, layers);

    /// <param name="change">May falsify the descriptor of a layer.</param>
    public Digest Add(string repository, string tag, Func<Descriptor, int, Descriptor> change, params byte[][] layers)
    {
        var blobs = layers.Select(Gzip).ToArray();
        var config = new ImageConfig
        {
            Architecture = Platform.Current.Architecture, Os = "linux", Config = new ContainerConfig { Cmd = ["/bin/sh"], User = "1000" },
            Rootfs = new RootFs { Type = "layers", DiffIds = [.. layers.Select(l => Digest.Compute(l))] },
        }.ToJson();
        foreach (var blob in blobs.Append(config)) Blobs[Digest.Compute(blob).ToString()] = blob;
        var manifest = new Manifest
        {
            SchemaVersion = 2, MediaType = MediaTypes.OciManifest,
            Config = new Descriptor { MediaType = MediaTypes.OciConfig, Digest = Digest.Compute(config), Size = config.Length },
            Layers = [.. blobs.Select((b, i) => change(new Descriptor { MediaType = MediaTypes.OciLayerGzip, Digest = Digest.Compute(b), Size = b.Length }, i))],
        }.ToJson();
        var digest = Digest.Compute(manifest);
        Manifests[$"{repository}:{tag}"] = Manifests[$"{repository}:{digest}"] = (manifest, MediaTypes.OciManifest);
        return digest;
    }

    public async ValueTask DisposeAsync()
    {
        await _app.StopAsync();
        await _app.DisposeAsync();
    }

    public static byte[] Gzip(byte[] plain)
    {
        var compressed = new MemoryStream();
        using (var gzip = new GZipStream(compressed, CompressionLevel.Fastest)) gzip.Write(plain);
        return compressed.ToArray();
    }

    /// <summary>A layer of one file.</summary>
    public static byte[] Layer(string name, string content) =>
        Layer((new TarEntry { Name = Encoding.UTF8.GetBytes(name), Mode = 0x1A4, Size = content.Length }, Encoding.UTF8.GetBytes(content)));

    public static byte[] Layer(params (TarEntry Entry, byte[] Content)[] entries)
    {
        var stream = new MemoryStream();
        var writer = new TarWriter(stream);
        foreach (var (entry, content) in entries)
        {
            entry.Size = content.Length;
            writer.Begin(entry);
            writer.Write(content);
        }

        writer.Finish();
        return stream.ToArray();
    }

    private async Task AnswerAsync(HttpContext http)
    {
        Requests.Enqueue($"{http.Request.Method} {http.Request.Path}");
        if (await Before(http)) return;
        var path = http.Request.Path.Value!["/v2/".Length..];
        if (path.Contains("/blobs/uploads/", StringComparison.Ordinal)) await UploadAsync(http);
        else if (path.Split("/blobs/") is [_, var digest] && Blobs.TryGetValue(digest, out var blob)) await SendAsync(http, blob, "application/octet-stream");
        else if (path.Split("/manifests/") is [var repository, var reference])
        {
            if (http.Request.Method == "PUT")
            {
                var body = await BodyAsync(http);
                Manifests[$"{repository}:{reference}"] = Manifests[$"{repository}:{Digest.Compute(body)}"] = (body, http.Request.ContentType!);
                http.Response.StatusCode = 201;
            }
            else if (Manifests.TryGetValue($"{repository}:{reference}", out var manifest)) await SendAsync(http, manifest.Content, manifest.Type);
            else http.Response.StatusCode = 404;
        }
        else http.Response.StatusCode = 404;
    }

    private async Task UploadAsync(HttpContext http)
    {
        if (http.Request.Method == "POST")
        {
            http.Response.StatusCode = 202;
            http.Response.Headers.Location = $"{http.Request.Path}{Guid.NewGuid():N}?state=1";
            return;
        }

        var body = await BodyAsync(http);
        var digest = http.Request.Query["digest"].ToString();
        if (digest == Digest.Compute(body).ToString()) Blobs[digest] = body;
        http.Response.StatusCode = digest == Digest.Compute(body).ToString() ? 201 : 400;
    }

    private static async Task SendAsync(HttpContext http, byte[] content, string type)
    {
        http.Response.ContentType = type;
        http.Response.ContentLength = content.Length;
        if (http.Request.Method == "GET") await http.Response.Body.WriteAsync(content, http.RequestAborted);
    }

    private static async Task<byte[]> BodyAsync(HttpContext http)
    {
        var body = new MemoryStream();
        await http.Request.Body.CopyToAsync(body, http.RequestAborted);
        return body.ToArray();
    }
}
