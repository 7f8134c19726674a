using Suite.Graph.V1;
using Suite.Oci.Images;
using Suite.Oci.References;
using Suite.Testing.Requirements;
using Suite.Testing.Services;
using Cri = Runtime.V1;

namespace Suite.Root.Tests.Images;

/// <summary>The forms that images come in, through a pull.</summary>
public sealed class FormatTests
{
    private static readonly byte[] Skippable = [0x5a, 0x2a, 0x4d, 0x18, 4, 0, 0, 0, 1, 2, 3, 4];

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [RootFact]
    public async Task Layers_are_told_by_their_bytes_whatever_their_types_say()
    {
        await using var registry = await FakeRegistry.StartAsync();
        await using var rig = await ImageRig.StartAsync(InstanceName.OfCaller());
        var layers = new[] { "plain", "gzip", "members", "zstd" }.Select(name => FakeRegistry.Layer(name, name + new string('x', 100_000))).ToArray();
        byte[][] blobs =
        [
            layers[0],
            FakeRegistry.Gzip(layers[1]),
            [.. FakeRegistry.Gzip(layers[2][..1000]), .. FakeRegistry.Gzip(layers[2][1000..1001]), .. FakeRegistry.Gzip(layers[2][1001..])],
            [.. Skippable, .. Zstd(layers[3][..2000]), .. Skippable, .. Zstd(layers[3][2000..]), .. Skippable],
        ];
        // Each says what another one is.
        string[] types = [MediaTypes.OciLayerGzip, MediaTypes.OciLayerZstd, MediaTypes.DockerLayerGzip, MediaTypes.OciLayerGzip];
        foreach (var blob in blobs) registry.Blobs[Digest.Compute(blob).ToString()] = blob;
        registry.Add("app", "1", (d, i) => new Descriptor { MediaType = types[i], Digest = Digest.Compute(blobs[i]), Size = blobs[i].Length }, layers);

        await rig.PullAsync($"{registry.Host}/app:1");

        var prepared = await rig.Graph.PrepareRootfsAsync(new PrepareRootfsRequest { Key = "k", Image = $"{registry.Host}/app:1" }, cancellationToken: Token);
        using var root = Mounted.Of(prepared.Mounts.Single());
        foreach (var name in (string[])["plain", "gzip", "members", "zstd"])
            Assert.Equal(name + new string('x', 100_000), await File.ReadAllTextAsync($"{root.Path}/{name}", Token));
    }

    [RootFact]
    public async Task A_list_of_dockers_gives_this_machines_image_and_another_one_when_it_is_asked_for()
    {
        await using var registry = await FakeRegistry.StartAsync();
        await using var rig = await ImageRig.StartAsync(InstanceName.OfCaller());
        var entries = new List<Descriptor>();
        foreach (var platform in (string[])["linux/s390x", "linux/arm/v7", Platform.Current.ToString(), "windows/amd64"])
        {
            var digest = registry.Add("app", platform.Replace('/', '-'), FakeRegistry.Layer("platform", platform));
            // As Docker's schema 2 has them.
            var manifest = Manifest.Parse(registry.Manifests[$"app:{digest}"].Content, "manifest");
            var content = (manifest with
            {
                MediaType = MediaTypes.DockerManifest,
                Config = manifest.Config with { MediaType = MediaTypes.DockerConfig },
                Layers = [.. manifest.Layers.Select(l => l with { MediaType = MediaTypes.DockerLayerGzip })],
            }).ToJson();
            registry.Manifests[$"app:{Digest.Compute(content)}"] = (content, MediaTypes.DockerManifest);
            entries.Add(new Descriptor { MediaType = MediaTypes.DockerManifest, Digest = Digest.Compute(content), Size = content.Length, Platform = Platform.Parse(platform) });
        }

        var list = new ImageIndex { SchemaVersion = 2, MediaType = MediaTypes.DockerManifestList, Manifests = [.. entries] }.ToJson();
        registry.Manifests["app:all"] = (list, MediaTypes.DockerManifestList);

        var id = await rig.PullAsync($"{registry.Host}/app:all");
        Assert.Equal(Platform.Current.ToString(), await PlatformFileAsync(rig, id, "one"));
        var image = (await rig.Cri.ImageStatusAsync(new Cri.ImageStatusRequest { Image = new Cri.ImageSpec { Image = id } }, cancellationToken: Token)).Image;
        Assert.Equal([$"{registry.Host}/app@{Digest.Compute(list)}"], image.RepoDigests);

        using var pull = rig.Images.Pull(new PullRequest { Reference = $"{registry.Host}/app:all", Platform = "linux/arm/v7" }, cancellationToken: Token);
        while (await pull.ResponseStream.MoveNext(Token)) { }
        Assert.Equal("linux/arm/v7", await PlatformFileAsync(rig, $"{registry.Host}/app:all", "two"));
    }

    private static async Task<string> PlatformFileAsync(ImageRig rig, string image, string key)
    {
        var prepared = await rig.Graph.PrepareRootfsAsync(new PrepareRootfsRequest { Key = key, Image = image }, cancellationToken: Token);
        using var root = Mounted.Of(prepared.Mounts.Single());
        return await File.ReadAllTextAsync(root.Path + "/platform", Token);
    }

    private static byte[] Zstd(byte[] plain)
    {
        using var compressor = new ZstdSharp.Compressor();
        return compressor.Wrap(plain).ToArray();
    }
}
