using Grpc.Core;
using Grpc.Net.Client;
using Suite.Graph.V1;
using Suite.Hosting;
using Suite.Image;
using Suite.Testing.Files;
using Suite.Testing.Services;
using Cri = Runtime.V1;

namespace Suite.Root.Tests.Images;

/// <summary>suite-image within the test's process, and its clients.</summary>
internal sealed class ImageRig : IAsyncDisposable
{
    private readonly TempFolder? _folder;
    private readonly string _base;
    private SuiteHost _host = null!;
    private GrpcChannel _channel = null!;

    private ImageRig(TempFolder? folder, string path) => (_folder, _base) = (folder, path);

    public string State => Path.Combine(_base, "root", "image");

    /// <summary>Where image.json and certs.d are.</summary>
    public string Config => Path.Combine(_base, "config");

    public Cri.ImageService.ImageServiceClient Cri => new(_channel);

    public Suite.Graph.V1.Images.ImagesClient Images => new(_channel);

    public Suite.Graph.V1.Graph.GraphClient Graph => new(_channel);

    /// <param name="at">An existing folder, such as a mount; else one is made.</param>
    public static async Task<ImageRig> StartAsync(string name, string config = "{}", string? at = null)
    {
        var folder = at is null ? new TempFolder(name) : null;
        var rig = new ImageRig(folder, at ?? folder!.FullName);
        Directory.CreateDirectory(Path.Combine(rig._base, "config"));
        await File.WriteAllTextAsync(Path.Combine(rig._base, "config", "image.json"), config, TestContext.Current.CancellationToken);
        await rig.StartAsync();
        return rig;
    }

    /// <param name="meanwhile">What happens to the service's folder while it is down.</param>
    public async Task RestartAsync(Func<Task>? meanwhile = null)
    {
        await StopAsync();
        if (meanwhile is not null) await meanwhile();
        await StartAsync();
    }

    public async Task<string> PullAsync(string image) =>
        (await Cri.PullImageAsync(new Cri.PullImageRequest { Image = new Cri.ImageSpec { Image = image } }, cancellationToken: TestContext.Current.CancellationToken)).ImageRef;

    public async Task<RpcException> PullFailsAsync(string image) => await Assert.ThrowsAsync<RpcException>(() => PullAsync(image));

    /// <summary>Everything the service keeps of images, drafts included, as paths below its folder.</summary>
    public IReadOnlyList<string> Kept() =>
        [.. new[] { "overlay/l", "overlay/tmp", "overlay/trash", "overlay/r", "blobs/sha256", "blobs-tmp", "builds-tmp", "loads-tmp" }
            .Where(d => Directory.Exists(Path.Combine(State, d)))
            .SelectMany(d => Directory.EnumerateFileSystemEntries(Path.Combine(State, d)).Select(e => $"{d}/{Path.GetFileName(e)}"))
            .Order(StringComparer.Ordinal)];

    public async ValueTask DisposeAsync()
    {
        await StopAsync();
        _folder?.Dispose();
    }

    private async Task StartAsync()
    {
        _host = await SuiteHost.StartAsync(
            "image",
            ["--root", Path.Combine(_base, "root"), "--run", Path.Combine(_base, "run"), "--config", Path.Combine(_base, "config"), "--log-level", "none"],
            ImageHost.Compose, TestContext.Current.CancellationToken);
        _channel = UnixChannel.To(Path.Combine(_base, "run", "image.sock"));
    }

    private async Task StopAsync()
    {
        _channel.Dispose();
        await _host.DisposeAsync();
    }
}
