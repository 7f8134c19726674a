using System.Net;
using System.Net.Http.Headers;
using System.Text;
using Microsoft.Extensions.DependencyInjection;
using Suite.Hosting;
using Suite.Hosting.Clients;
using Suite.Oci.References;

namespace Suite.Registry.Tests;

/// <summary>A registry in this process, on a port of its own and in folders of its own.</summary>
public sealed class RunningRegistry : IAsyncDisposable
{
    private readonly DirectoryInfo _folder;
    private readonly TimeProvider _time;
    private readonly string[] _settings;
    private SuiteHost _host;
    private ServiceChannel? _channel;

    private RunningRegistry(DirectoryInfo folder, SuiteHost host, TimeProvider time, string[] settings)
    {
        _time = time;
        _settings = settings;
        _folder = folder;
        _host = host;
        Http = Client();
    }

    public HttpClient Http { get; private set; }

    public string State => Path.Combine(_folder.FullName, "root", "registry");

    public V1.Registry.RegistryClient Administration =>
        new((_channel ??= ServiceChannel.Connect(Path.Combine(_folder.FullName, "run", "registry.sock"))).Invoker);

    /// <param name="settings">KEY=VALUE beside the address.</param>
    public static Task<RunningRegistry> StartAsync(params string[] settings) => StartAsync(TimeProvider.System, settings);

    public static async Task<RunningRegistry> StartAsync(TimeProvider time, params string[] settings)
    {
        var folder = Directory.CreateTempSubdirectory("suite-registry-");
        try
        {
            return new RunningRegistry(folder, await StartHostAsync(folder, time, settings), time, settings);
        }
        catch
        {
            folder.Delete(recursive: true);
            throw;
        }
    }

    public string AddressOf(string path) => new Uri(Http.BaseAddress!, path).ToString();

    /// <summary>Ends the service and starts it anew on what it left.</summary>
    public async Task RestartAsync()
    {
        Http.Dispose();
        await _host.DisposeAsync();
        _host = await StartHostAsync(_folder, _time, _settings);
        Http = Client();
    }

    public async Task<HttpResponseMessage> SendAsync(HttpMethod method, string path, byte[]? body = null, string? contentType = null, params (string Name, string Value)[] headers)
    {
        using var request = new HttpRequestMessage(method, path);
        if (body is not null)
        {
            request.Content = new ByteArrayContent(body);
            if (contentType is not null)
                request.Content.Headers.ContentType = MediaTypeHeaderValue.Parse(contentType);
        }

        foreach (var (name, value) in headers)
        {
            if (!request.Headers.TryAddWithoutValidation(name, value))
                request.Content!.Headers.TryAddWithoutValidation(name, value);
        }

        return await Http.SendAsync(request, TestContext.Current.CancellationToken);
    }

    public async Task<string> BeginUploadAsync(string repository)
    {
        using var response = await SendAsync(HttpMethod.Post, $"/v2/{repository}/blobs/uploads/");
        Assert.Equal(HttpStatusCode.Accepted, response.StatusCode);
        return response.Headers.Location!.ToString();
    }

    public async Task<Digest> PushBlobAsync(string repository, byte[] content)
    {
        var digest = Digest.Compute(content);
        using var response = await SendAsync(HttpMethod.Put, $"{await BeginUploadAsync(repository)}?digest={digest}", content);
        Assert.Equal(HttpStatusCode.Created, response.StatusCode);
        return digest;
    }

    /// <summary>Pushes a manifest with a configuration and one layer, and returns its bytes.</summary>
    public async Task<byte[]> PushImageAsync(string repository, string tag, string layer = "layer")
    {
        var manifest = await ManifestAsync(repository, layer);
        using var response = await SendAsync(HttpMethod.Put, $"/v2/{repository}/manifests/{tag}", manifest, Oci.Images.MediaTypes.OciManifest);
        Assert.Equal(HttpStatusCode.Created, response.StatusCode);
        return manifest;
    }

    public async Task<byte[]> ManifestAsync(string repository, string layer, string more = "")
    {
        var config = "{}"u8.ToArray();
        var content = Encoding.UTF8.GetBytes(layer);
        return Encoding.UTF8.GetBytes($$"""
            {"schemaVersion": 2,
             "mediaType":"application/vnd.oci.image.manifest.v1+json",   "config":{"mediaType":"application/vnd.oci.image.config.v1+json","digest":"{{await PushBlobAsync(repository, config)}}","size":{{config.Length}}},
             "layers":[{"mediaType":"application/vnd.oci.image.layer.v1.tar","digest":"{{await PushBlobAsync(repository, content)}}","size":{{content.Length}}}]{{more}}}
            """);
    }

    public async ValueTask DisposeAsync()
    {
        Http.Dispose();
        _channel?.Dispose();
        await _host.DisposeAsync();
        _folder.Delete(recursive: true);
    }

    private static Task<SuiteHost> StartHostAsync(DirectoryInfo folder, TimeProvider time, string[] settings) => SuiteHost.StartAsync(
        "registry",
        [
            "--root", Path.Combine(folder.FullName, "root"), "--run", Path.Combine(folder.FullName, "run"),
            "--config", Path.Combine(folder.FullName, "etc"), "--set", "listen=127.0.0.1:0", "--log-level", "warn",
            .. settings.Select(setting => "--set=" + setting),
        ],
        host =>
        {
            host.Services.AddSingleton(time);
            RegistryComposition.Compose(host);
        },
        TestContext.Current.CancellationToken);

    private HttpClient Client() => new() { BaseAddress = new Uri(_host.Addresses.Single(address => address.Contains("://127.", StringComparison.Ordinal))) };
}
