using Grpc.Core;
using Microsoft.AspNetCore.Http;
using Suite.Graph.V1;
using Suite.Testing.Requirements;
using Suite.Testing.Services;
using Cri = Runtime.V1;

namespace Suite.Root.Tests.Images;

/// <summary>What kubelet asks about images besides their status, and a push to a registry that has the layers elsewhere.</summary>
public sealed class CriImageTests
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [RootFact]
    public async Task A_stream_of_images_has_what_the_list_has_and_a_filter_counts()
    {
        await using var registry = await FakeRegistry.StartAsync();
        await using var rig = await ImageRig.StartAsync(InstanceName.OfCaller());
        for (var i = 0; i < 3; i++) registry.Add("app", $"{i}", FakeRegistry.Layer("f", $"{i}"));
        for (var i = 0; i < 3; i++) await rig.PullAsync($"{registry.Host}/app:{i}");

        var listed = (await rig.Cri.ListImagesAsync(new Cri.ListImagesRequest(), cancellationToken: Token)).Images;
        Assert.Equal(3, listed.Count);
        Assert.Equal(listed, await StreamAsync(rig, new Cri.StreamImagesRequest()));
        var one = Assert.Single(await StreamAsync(rig, new Cri.StreamImagesRequest { Filter = new Cri.ImageFilter { Image = new Cri.ImageSpec { Image = $"{registry.Host}/app:1" } } }));
        Assert.Equal([$"{registry.Host}/app:1"], one.RepoTags);
        Assert.Empty(await StreamAsync(rig, new Cri.StreamImagesRequest { Filter = new Cri.ImageFilter { Image = new Cri.ImageSpec { Image = "none" } } }));
    }

    [RootFact]
    public async Task The_file_systems_figures_are_those_of_the_disk_and_fall_with_what_goes()
    {
        await using var registry = await FakeRegistry.StartAsync();
        await using var rig = await ImageRig.StartAsync(InstanceName.OfCaller());
        var noise = new byte[3_000_000];
        new Random(1).NextBytes(noise);
        registry.Add("app", "1", FakeRegistry.Layer((new Suite.Image.Graph.Tar.TarEntry { Name = "f"u8.ToArray(), Mode = 0x1A4 }, noise)));
        var name = $"{registry.Host}/app:1";
        Assert.Equal(0UL, (await FiguresAsync(rig)).Images.UsedBytes.Value);
        await rig.PullAsync(name);

        var (images, containers) = await FiguresAsync(rig);
        // Unpacked and compressed: noise is as large both ways.
        Assert.InRange(images.UsedBytes.Value, 6_000_000UL, 6_200_000UL);
        Assert.InRange(images.InodesUsed.Value, 3UL, 4UL);
        Assert.Equal(rig.State, images.FsId.Mountpoint);
        Assert.Equal(0UL, containers.UsedBytes.Value);
        Assert.InRange(TimeProvider.System.GetUtcNow().ToUnixTimeMilliseconds() - (images.Timestamp / 1_000_000), 0, 10_000);

        await rig.Graph.PrepareRootfsAsync(new PrepareRootfsRequest { Key = "k", Image = name }, cancellationToken: Token);
        await File.WriteAllBytesAsync(Path.Combine(rig.State, "overlay/r/k/upper/written"), noise, Token);
        await rig.RestartAsync(); // what containers take is measured every ten seconds at most
        Assert.InRange((await FiguresAsync(rig)).Containers.UsedBytes.Value, 3_000_000UL, 3_100_000UL);

        await rig.Graph.RemoveRootfsAsync(new RemoveRootfsRequest { Key = "k" }, cancellationToken: Token);
        await rig.Cri.RemoveImageAsync(new Cri.RemoveImageRequest { Image = new Cri.ImageSpec { Image = name } }, cancellationToken: Token);
        Assert.Equal(0UL, (await FiguresAsync(rig)).Images.UsedBytes.Value);
    }

    [RootFact]
    public async Task A_push_to_another_repository_of_a_registry_sends_nothing_that_it_has()
    {
        await using var registry = await FakeRegistry.StartAsync();
        await using var rig = await ImageRig.StartAsync(InstanceName.OfCaller());
        registry.Add("from/app", "1", FakeRegistry.Layer("a", "one"), FakeRegistry.Layer("b", "two"));
        await rig.PullAsync($"{registry.Host}/from/app:1");
        await rig.Images.TagAsync(new TagRequest { Source = $"{registry.Host}/from/app:1", Target = $"{registry.Host}/to/app:2" }, cancellationToken: Token);
        var (mounts, refuse) = (new List<string>(), "");
        registry.Before = http =>
        {
            var path = http.Request.Path.Value!;
            if (path.StartsWith("/v2/to/app/blobs/sha256", StringComparison.Ordinal)) http.Response.StatusCode = 404; // each repository has its own
            else if (http.Request.Query["mount"] is [{ } digest] && digest != refuse)
            {
                mounts.Add($"{digest} from {http.Request.Query["from"]}");
                http.Response.StatusCode = registry.Blobs.ContainsKey(digest) ? 201 : 202;
            }
            else return Task.FromResult(false);
            return Task.FromResult(true);
        };

        await PushAsync(rig, $"{registry.Host}/to/app:2");
        Assert.Equal(3, mounts.Count);
        Assert.All(mounts, m => Assert.EndsWith(" from from/app", m, StringComparison.Ordinal));
        Assert.DoesNotContain(registry.Requests, r => r.StartsWith("PUT /v2/to/app/blobs/", StringComparison.Ordinal));
        Assert.True(registry.Manifests.ContainsKey("to/app:2"));

        // A registry that will not mount one gets it.
        refuse = mounts[0].Split(' ')[0];
        await PushAsync(rig, $"{registry.Host}/to/app:2");
        Assert.Single(registry.Requests, r => r.StartsWith("PUT /v2/to/app/blobs/", StringComparison.Ordinal));
    }

    private static async Task PushAsync(ImageRig rig, string name)
    {
        using var push = rig.Images.Push(new PushRequest { Reference = name }, cancellationToken: Token);
        while (await push.ResponseStream.MoveNext(Token)) { }
    }

    private static async Task<IReadOnlyList<Cri.Image>> StreamAsync(ImageRig rig, Cri.StreamImagesRequest request)
    {
        using var stream = rig.Cri.StreamImages(request, cancellationToken: Token);
        var images = new List<Cri.Image>();
        await foreach (var page in stream.ResponseStream.ReadAllAsync(Token)) images.AddRange(page.Images);
        return images;
    }

    private static async Task<(Cri.FilesystemUsage Images, Cri.FilesystemUsage Containers)> FiguresAsync(ImageRig rig)
    {
        var response = await rig.Cri.ImageFsInfoAsync(new Cri.ImageFsInfoRequest(), cancellationToken: Token);
        return (response.ImageFilesystems.Single(), response.ContainerFilesystems.Single());
    }
}
