using System.Formats.Tar;
using System.Text;
using Grpc.Core;
using Suite.Graph.V1;
using Suite.Oci.Images;
using Suite.Oci.References;
using Suite.Testing.Requirements;
using Suite.Testing.Services;
using Cri = Runtime.V1;

namespace Suite.Root.Tests.Images;

public sealed class ArchiveTests
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [RootFact]
    public async Task A_saved_image_comes_back_with_its_id_its_names_and_its_manifest()
    {
        await using var registry = await FakeRegistry.StartAsync();
        await using var rig = await ImageRig.StartAsync(InstanceName.OfCaller());
        var manifest = registry.Add("app", "1", FakeRegistry.Layer("a", "one"), FakeRegistry.Layer("b", "two"));
        var name = $"{registry.Host}/app:1";
        var id = await rig.PullAsync(name);
        await rig.Images.TagAsync(new TagRequest { Source = name, Target = "second" }, cancellationToken: Token);

        var archive = await rig.SaveAsync(name, "second");
        await rig.Cri.RemoveImageAsync(new Cri.RemoveImageRequest { Image = new Cri.ImageSpec { Image = name } }, cancellationToken: Token);
        Assert.Empty(rig.Kept());

        foreach (var form in (byte[][])[archive, FakeRegistry.Gzip(archive)])
        {
            var loaded = Assert.Single((await rig.LoadAsync(form)).Images);
            Assert.Equal(id, loaded.Id);
            Assert.Equal(2, loaded.Tags.Count);
        }

        var image = (await rig.Images.InspectAsync(new InspectRequest { Image = "second" }, cancellationToken: Token)).Image;
        Assert.Equal(id, image.Id);
        Assert.Equal([name, "second:latest"], image.Tags.Order(StringComparer.Ordinal));

        // The very manifest: a push gives it the digest that it had.
        registry.Manifests.Clear();
        using var push = rig.Images.Push(new PushRequest { Reference = name }, cancellationToken: Token);
        await foreach (var _ in push.ResponseStream.ReadAllAsync(Token)) { }
        Assert.True(registry.Manifests.ContainsKey($"app:{manifest}"));

        await rig.Images.RemoveAsync(new RemoveRequest { Image = id, Force = true }, cancellationToken: Token);
        Assert.Empty(rig.Kept());
    }

    [RootFact]
    public async Task What_docker_saved_before_it_knew_layouts_is_loaded()
    {
        await using var rig = await ImageRig.StartAsync(InstanceName.OfCaller());
        var (first, second) = (FakeRegistry.Layer("a", "one"), FakeRegistry.Layer("b", "two"));
        var config = Config(first, second);
        var loaded = await rig.LoadAsync(Tar(
            ("c.json", config), ("1/layer.tar", first), ("./2/layer.tar", second), ("2/VERSION", "1.0"u8.ToArray()),
            ("manifest.json", """[{"Config":"c.json","RepoTags":["old:1"],"Layers":["1/layer.tar","2/layer.tar"]}]"""u8.ToArray())));
        var image = Assert.Single(loaded.Images);
        Assert.Equal((Digest.Compute(config).ToString(), "old:1"), (image.Id, image.Tags.Single()));
        await rig.Graph.PrepareRootfsAsync(new PrepareRootfsRequest { Key = "k", Image = "old:1" }, cancellationToken: Token);
    }

    [RootFact]
    public async Task Of_a_wrong_archive_nothing_is_kept()
    {
        await using var rig = await ImageRig.StartAsync(InstanceName.OfCaller());
        var (good, other) = (FakeRegistry.Layer("a", "one"), FakeRegistry.Layer("b", "two"));
        var config = Config(good, other);
        byte[] Listing(params string[] layers) => Encoding.UTF8.GetBytes($$"""[{"Config":"c","Layers":[{{string.Join(',', layers.Select(l => $"\"{l}\""))}}]}]""");
        foreach (var (archive, status, says) in new (byte[], StatusCode, string)[]
        {
            (Tar(("c", config), ("a", good), ("b", good), ("manifest.json", Listing("a", "b"))), StatusCode.DataLoss, "which the image's configuration says"),
            (Tar(("c", config), ("a", good), ("manifest.json", Listing("a", "b"))), StatusCode.DataLoss, "lacks 'b'"),
            (Tar(("c", config), ("a", good), ("manifest.json", Listing("a"))), StatusCode.DataLoss, "contradicts itself"),
            (Tar(("c", "{"u8.ToArray()), ("manifest.json", Listing())), StatusCode.DataLoss, "configuration c"),
            (Tar(("etc/passwd", good)), StatusCode.InvalidArgument, "taken by import"),
            (Tar(("a", good), ("a", good)), StatusCode.DataLoss, "twice"),
            (Tar(("manifest.json", new byte[5 * 1024 * 1024])), StatusCode.DataLoss, "are allowed"),
            (FakeRegistry.Gzip(Tar(("c", config)))[..^9], StatusCode.DataLoss, "damaged"),
            ("no archive at all"u8.ToArray(), StatusCode.DataLoss, "truncated"),
        })
        {
            var error = await Assert.ThrowsAsync<RpcException>(() => rig.LoadAsync(archive));
            Assert.True(error.StatusCode == status, error.Status.ToString());
            Assert.Contains(says, error.Status.Detail, StringComparison.Ordinal);
            Assert.Empty(rig.Kept());
        }
    }

    [RootFact]
    public async Task A_commit_is_the_image_and_what_was_changed()
    {
        await using var registry = await FakeRegistry.StartAsync();
        await using var rig = await ImageRig.StartAsync(InstanceName.OfCaller());
        registry.Add("app", "1", FakeRegistry.Layer("gone", "x"), FakeRegistry.Layer("kept", "x"));
        await rig.PullAsync($"{registry.Host}/app:1");
        var prepared = await rig.Graph.PrepareRootfsAsync(new PrepareRootfsRequest { Key = "k", Image = $"{registry.Host}/app:1" }, cancellationToken: Token);
        using (var root = Mounted.Of(prepared.Mounts.Single()))
        {
            File.Delete(root.Path + "/gone");
            Directory.CreateDirectory(root.Path + "/dir");
            await File.WriteAllTextAsync(root.Path + "/dir/new", "fresh", Token);
        }

        Assert.Equal(["Deleted /gone", "Added /dir", "Added /dir/new"], await rig.ChangesAsync("k"));
        var image = (await rig.Images.CommitAsync(
            new CommitRequest
            {
                Key = "k", Reference = "mine:2", Author = "me", Message = "why", Changes = { "ENV A=1", "CMD [\"sh\"]" },
                Config = new Suite.Graph.V1.ImageConfig { Entrypoint = { "/init" } },
            }, cancellationToken: Token)).Image;
        Assert.Equal(["mine:2"], image.Tags);
        Assert.Equal(("me", "why"), (image.Author, image.History[^1].Comment));
        Assert.Equal(3, image.DiffIds.Count);
        Assert.Equal(["A=1", "/init", "sh"], image.Config.Env.Concat(image.Config.Entrypoint).Concat(image.Config.Cmd));

        prepared = await rig.Graph.PrepareRootfsAsync(new PrepareRootfsRequest { Key = "k2", Image = "mine:2" }, cancellationToken: Token);
        using (var root = Mounted.Of(prepared.Mounts.Single()))
        {
            Assert.False(File.Exists(root.Path + "/gone"));
            Assert.Equal("xfresh", await File.ReadAllTextAsync(root.Path + "/kept", Token) + await File.ReadAllTextAsync(root.Path + "/dir/new", Token));
        }

        foreach (var (request, status) in new[]
        {
            (new CommitRequest { Key = "none" }, StatusCode.NotFound),
            (new CommitRequest { Key = "k", Changes = { "RUN x" } }, StatusCode.InvalidArgument),
            (new CommitRequest { Key = "k", Reference = "UPPER" }, StatusCode.InvalidArgument),
        })
            Assert.Equal(status, (await Assert.ThrowsAsync<RpcException>(async () => await rig.Images.CommitAsync(request, cancellationToken: Token))).StatusCode);
        await rig.Images.RemoveAsync(new RemoveRequest { Image = $"{registry.Host}/app:1", Force = true }, cancellationToken: Token);
        Assert.Equal(StatusCode.FailedPrecondition, (await Assert.ThrowsAsync<RpcException>(
            async () => await rig.Images.CommitAsync(new CommitRequest { Key = "k" }, cancellationToken: Token))).StatusCode);
    }

    [RootFact]
    public async Task An_export_is_the_whole_tree_and_imports_as_an_image()
    {
        await using var registry = await FakeRegistry.StartAsync();
        await using var rig = await ImageRig.StartAsync(InstanceName.OfCaller());
        registry.Add("app", "1", FakeRegistry.Layer("gone", "x"), FakeRegistry.Layer("kept", "x"));
        await rig.PullAsync($"{registry.Host}/app:1");
        var prepared = await rig.Graph.PrepareRootfsAsync(new PrepareRootfsRequest { Key = "k", Image = $"{registry.Host}/app:1" }, cancellationToken: Token);
        byte[] archive;
        using (var root = Mounted.Of(prepared.Mounts.Single()))
        {
            File.Delete(root.Path + "/gone");
            Directory.CreateDirectory(root.Path + "/dir");
            await File.WriteAllTextAsync(root.Path + "/dir/new", "fresh", Token);
            archive = await rig.ExportAsync("k"); // while it is in use
        }

        Assert.Equal(["dir/", "dir/new", "kept"], Names(archive));
        var image = await rig.ImportAsync(FakeRegistry.Gzip(archive), "flat:1", "CMD [\"sh\"]", "WORKDIR /dir");
        Assert.Equal((1, "/dir", "sh"), (image.DiffIds.Count, image.Config.WorkingDir, image.Config.Cmd.Single()));
        await rig.Graph.PrepareRootfsAsync(new PrepareRootfsRequest { Key = "k2", Image = "flat:1" }, cancellationToken: Token);
        Assert.Equal(["dir/", "dir/new", "kept"], Names(await rig.ExportAsync("k2")));
        Assert.Empty(await rig.ChangesAsync("k2"));

        var before = rig.Kept();
        Assert.Equal(StatusCode.DataLoss, (await Assert.ThrowsAsync<RpcException>(() => rig.ImportAsync(archive[..700], "bad:1"))).StatusCode);
        Assert.Equal(before, rig.Kept());
    }

    private static byte[] Config(params byte[][] layers) => new Suite.Oci.Images.ImageConfig
    {
        Architecture = Platform.Current.Architecture, Os = "linux", Rootfs = new RootFs { Type = "layers", DiffIds = [.. layers.Select(l => Digest.Compute(l))] },
    }.ToJson();

    private static byte[] Tar(params (string Name, byte[] Content)[] files) => FakeRegistry.Layer(
        [.. files.Select(f => (new Suite.Image.Graph.Tar.TarEntry { Name = Encoding.UTF8.GetBytes(f.Name), Mode = 0x1A4 }, f.Content))]);

    private static IReadOnlyList<string> Names(byte[] archive)
    {
        using var reader = new TarReader(new MemoryStream(archive));
        var names = new List<string>();
        while (reader.GetNextEntry() is { } entry) names.Add(entry.Name);
        return names;
    }
}
