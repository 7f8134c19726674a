using Grpc.Core;
using Runtime.V1;
using Suite.Graph.V1;
using Suite.Testing.Requirements;
using Suite.Testing.Services;

namespace Suite.E2e.Tests.Runtime;

/// <summary>ImageService on the runtime's own socket, for clients that know no other.</summary>
public sealed class ForwardedImageTests
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [RootFact(Needs = Need.Executables | Need.Busybox)]
    public async Task Every_call_is_answered_by_the_image_service()
    {
        await using var suite = await SuiteInstance.StartAsync();
        var rig = new KubernetesRig(suite);
        await rig.BuildImageAsync();
        var images = suite.Images;
        var built = Assert.Single((await images.ListImagesAsync(new ListImagesRequest(), cancellationToken: Token)).Images);
        Assert.Contains(built.RepoTags, tag => tag.EndsWith(KubernetesRig.Image, StringComparison.Ordinal));
        using (var call = images.StreamImages(new StreamImagesRequest(), cancellationToken: Token))
            Assert.Equal([built], (await call.ResponseStream.ReadAllAsync(Token).ToListAsync(Token)).SelectMany(message => message.Images));
        Assert.Equal(built, (await images.ImageStatusAsync(new ImageStatusRequest { Image = new ImageSpec { Image = KubernetesRig.Image } }, cancellationToken: Token)).Image);
        Assert.Null((await images.ImageStatusAsync(new ImageStatusRequest { Image = new ImageSpec { Image = "nowhere:1" } }, cancellationToken: Token)).Image);
        var filesystem = Assert.Single((await images.ImageFsInfoAsync(new ImageFsInfoRequest(), cancellationToken: Token)).ImageFilesystems);
        Assert.True(filesystem.UsedBytes.Value > 0 && Directory.Exists(filesystem.FsId.Mountpoint));

        // To the registry and back.
        var name = $"{suite.Registry}/tests/forwarded:1";
        var graph = new Images.ImagesClient(suite.Channel("image"));
        await graph.TagAsync(new TagRequest { Source = KubernetesRig.Image, Target = name }, cancellationToken: Token);
        using (var push = graph.Push(new PushRequest { Reference = name }, cancellationToken: Token))
            _ = await push.ResponseStream.ReadAllAsync(Token).ToListAsync(Token);
        await images.RemoveImageAsync(new RemoveImageRequest { Image = new ImageSpec { Image = name } }, cancellationToken: Token);
        Assert.Empty((await images.ListImagesAsync(new ListImagesRequest(), cancellationToken: Token)).Images);
        await images.RemoveImageAsync(new RemoveImageRequest { Image = new ImageSpec { Image = name } }, cancellationToken: Token);
        var pulled = (await images.PullImageAsync(new PullImageRequest { Image = new ImageSpec { Image = name } }, cancellationToken: Token)).ImageRef;
        Assert.Equal(pulled, (await images.ImageStatusAsync(new ImageStatusRequest { Image = new ImageSpec { Image = name } }, cancellationToken: Token)).Image.Id);

        // Which handlers there are the runtime knows, and the deadline goes on with the call.
        var handler = new PullImageRequest { Image = new ImageSpec { Image = name, RuntimeHandler = "kata" } };
        await KubernetesRig.FailsAsync(StatusCode.InvalidArgument, () => images.PullImageAsync(handler, cancellationToken: Token).ResponseAsync);
        await KubernetesRig.FailsAsync(StatusCode.DeadlineExceeded, () => images.PullImageAsync(
            new PullImageRequest { Image = new ImageSpec { Image = name } }, deadline: DateTime.UnixEpoch.AddSeconds(TimeProvider.System.GetUtcNow().ToUnixTimeSeconds()), cancellationToken: Token).ResponseAsync);
        await suite.Service("image").StopAsync();
        Assert.Contains("suite-image", (await KubernetesRig.FailsAsync(StatusCode.Unavailable, () => images.ListImagesAsync(new ListImagesRequest(), cancellationToken: Token).ResponseAsync)).Status.Detail);
        await suite.StartServiceAsync("image");
    }
}
