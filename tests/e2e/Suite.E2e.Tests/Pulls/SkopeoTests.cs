using System.Diagnostics;
using Grpc.Core;
using Suite.Graph.V1;
using Suite.Testing.Files;
using Suite.Testing.Requirements;
using Suite.Testing.Services;
using Cri = Runtime.V1;

namespace Suite.E2e.Tests.Pulls;

/// <summary>Debian's skopeo copies images in and out: what it wrote we read, and what we wrote it reads.</summary>
public sealed class SkopeoTests
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [RootFact(Needs = Need.Executables | Need.ContainerTools)]
    public async Task Images_travel_through_the_registry_and_through_archives_unchanged()
    {
        await using var suite = await SuiteInstance.StartAsync(InstanceName.OfCaller(), ["registry", "image"]);
        using var folder = new TempFolder(InstanceName.OfCaller() + "f");
        var images = new Graph.V1.Images.ImagesClient(suite.Channel("image"));
        await TestImage.PushAsync(suite.Registry, "app", Token);
        var name = $"{suite.Registry}/app:1";
        var id = await PullAsync(suite, name);

        // Out as an archive, in through the registry under another name and in Docker's format, and out again.
        var archive = folder.Path("saved.tar");
        await using (var file = File.Create(archive))
        {
            using var save = images.Save(new SaveRequest { Images = { name } }, cancellationToken: Token);
            await foreach (var piece in save.ResponseStream.ReadAllAsync(Token)) piece.Data.WriteTo(file);
        }

        await SkopeoAsync("copy", "--dest-tls-verify=false", $"docker-archive:{archive}", $"docker://{suite.Registry}/from/docker:1");
        await SkopeoAsync("copy", "--dest-tls-verify=false", "--format", "v2s2", $"oci-archive:{archive}", $"docker://{suite.Registry}/from/oci:1");
        Assert.Equal(id, await PullAsync(suite, $"{suite.Registry}/from/docker:1"));
        // Docker's schema 2 over the same configuration: its bytes, and so the id, are skopeo's to keep.
        await PullAsync(suite, $"{suite.Registry}/from/oci:1");

        // zstd layers, and what skopeo packs into archives of both kinds.
        await SkopeoAsync("copy", "--src-tls-verify=false", "--dest-tls-verify=false", "--dest-compress-format", "zstd", $"docker://{name}", $"docker://{suite.Registry}/from/zstd:1");
        Assert.Equal(id, await PullAsync(suite, $"{suite.Registry}/from/zstd:1"));
        foreach (var kind in (string[])["docker-archive", "oci-archive"])
        {
            var path = folder.Path(kind + ".tar");
            await SkopeoAsync("copy", "--src-tls-verify=false", $"docker://{name}", $"{kind}:{path}:{kind}:9");
            using var load = images.Load(cancellationToken: Token);
            await using (var file = File.OpenRead(path))
            {
                var buffer = new byte[200_000];
                int read;
                while ((read = await file.ReadAsync(buffer, Token)) > 0)
                    await load.RequestStream.WriteAsync(new LoadRequest { Data = Google.Protobuf.ByteString.CopyFrom(buffer, 0, read) }, Token);
            }

            await load.RequestStream.CompleteAsync();
            var loaded = Assert.Single((await load.ResponseAsync).Images);
            Assert.Equal([$"{kind}:9"], loaded.Tags);
        }

        // Pushed by us, inspected by skopeo.
        await images.TagAsync(new TagRequest { Source = name, Target = $"{suite.Registry}/ours:1" }, cancellationToken: Token);
        using (var push = images.Push(new PushRequest { Reference = $"{suite.Registry}/ours:1" }, cancellationToken: Token))
            await foreach (var _ in push.ResponseStream.ReadAllAsync(Token)) { }
        Assert.Contains("\"Layers\"", await SkopeoAsync("inspect", "--tls-verify=false", $"docker://{suite.Registry}/ours:1"), StringComparison.Ordinal);
    }

    private static async Task<string> PullAsync(SuiteInstance suite, string name) => (await new Cri.ImageService.ImageServiceClient(suite.Channel("image"))
        .PullImageAsync(new Cri.PullImageRequest { Image = new Cri.ImageSpec { Image = name } }, cancellationToken: Token)).ImageRef;

    private static async Task<string> SkopeoAsync(params string[] arguments)
    {
        using var skopeo = Process.Start(new ProcessStartInfo("skopeo", ["--insecure-policy", .. arguments]) { RedirectStandardOutput = true, RedirectStandardError = true })!;
        var errors = skopeo.StandardError.ReadToEndAsync(Token);
        var output = await skopeo.StandardOutput.ReadToEndAsync(Token);
        await skopeo.WaitForExitAsync(Token);
        Assert.True(skopeo.ExitCode == 0, $"skopeo {string.Join(' ', arguments)}: {await errors}");
        return output;
    }
}
