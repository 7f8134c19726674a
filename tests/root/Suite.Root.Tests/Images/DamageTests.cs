using Suite.Graph.V1;
using Suite.Hosting.Databases;
using Suite.Image.Records;
using Suite.Testing.Requirements;
using Suite.Testing.Services;
using Cri = Runtime.V1;

namespace Suite.Root.Tests.Images;

/// <summary>What a start does after a session that did not end well, on a disk that lost something.</summary>
public sealed class DamageTests
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [RootTheory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task A_layer_that_lost_a_files_content_takes_its_images_away_and_a_pull_heals(bool clean)
    {
        await using var registry = await FakeRegistry.StartAsync();
        await using var rig = await ImageRig.StartAsync(InstanceName.OfCaller());
        registry.Add("hit", "1", FakeRegistry.Layer("a", new string('x', 50_000)));
        registry.Add("spared", "1", FakeRegistry.Layer("b", "y"));
        var (hit, spared) = ($"{registry.Host}/hit:1", $"{registry.Host}/spared:1");
        await rig.PullAsync(hit);
        await rig.PullAsync(spared);
        await rig.Graph.PrepareRootfsAsync(new PrepareRootfsRequest { Key = "k", Image = hit }, cancellationToken: Token);

        await rig.RestartAsync(async () =>
        {
            File.WriteAllText(Directory.GetFiles(Path.Combine(rig.State, "overlay/l"), "a", SearchOption.AllDirectories).Single(), ""); // as ext4 left files after a power cut
            if (clean) return;
            using var database = Database.Open(Path.Combine(rig.State, "image.db"), Durability.Process, Schema.Version1, Schema.Version2, Schema.Version3);
            await database.WriteAsync(s => { s.Execute("UPDATE session SET clean = 0"); }, Token);
        });

        // After an orderly end nobody looks: what a person does to the files is theirs.
        Assert.Equal(clean ? [hit, spared] : [spared], await TagsAsync(rig));
        if (clean) return;
        await rig.PullAsync(hit);
        var prepared = await rig.Graph.PrepareRootfsAsync(new PrepareRootfsRequest { Key = "k", Image = hit }, cancellationToken: Token);
        using (var root = Mounted.Of(prepared.Mounts.Single()))
            Assert.Equal(50_000, new FileInfo(root.Path + "/a").Length);
        await rig.RestartAsync();
        Assert.Equal([hit, spared], await TagsAsync(rig));
        Assert.Equal(2, rig.Kept().Count(k => k.StartsWith("overlay/l/", StringComparison.Ordinal)));
    }

    [RootFact]
    public async Task Images_of_one_driver_are_not_taken_for_another_s()
    {
        await using var registry = await FakeRegistry.StartAsync();
        await using var rig = await ImageRig.StartAsync(InstanceName.OfCaller());
        async Task<string> StartsWithAsync(string driver)
        {
            await File.WriteAllTextAsync(Path.Combine(rig.Config, "image.json"), $$"""{ "graphDriver": "{{driver}}" }""", Token);
            return (await Assert.ThrowsAsync<Suite.Linux.Errors.SuiteException>(() => rig.RestartAsync())).Message;
        }

        Assert.Contains("are kept by the graph driver overlay", await StartsWithAsync("vfs"), StringComparison.Ordinal);
    }

    [RootFact]
    public async Task The_plain_driver_pulls_shares_commits_and_exports_too()
    {
        await using var registry = await FakeRegistry.StartAsync();
        await using var rig = await ImageRig.StartAsync(InstanceName.OfCaller(), """{ "graphDriver": "vfs" }""");
        var (one, two) = (FakeRegistry.Layer("a", "one"), FakeRegistry.Layer("b", "two"));
        registry.Add("app", "1", one, two);
        registry.Add("app", "2", two, one); // the same archives above other stacks are other layers
        await rig.PullAsync($"{registry.Host}/app:1");
        await rig.PullAsync($"{registry.Host}/app:2");
        Assert.Equal(4, Directory.GetDirectories(Path.Combine(rig.State, "vfs/l")).Length);
        var prepared = await rig.Graph.PrepareRootfsAsync(new PrepareRootfsRequest { Key = "k", Image = $"{registry.Host}/app:2" }, cancellationToken: Token);
        await File.WriteAllTextAsync(Path.Combine(prepared.Mounts.Single().Source, "c"), "three", Token);
        Assert.Equal(["Added /c"], await rig.ChangesAsync("k"));
        var image = (await rig.Images.CommitAsync(new CommitRequest { Key = "k", Reference = "mine" }, cancellationToken: Token)).Image;
        Assert.Equal(3, image.DiffIds.Count);
        Assert.NotEmpty(await rig.ExportAsync("k"));
        await rig.RestartAsync();
        Assert.Equal(3, (await TagsAsync(rig)).Count);
        await rig.Graph.RemoveRootfsAsync(new RemoveRootfsRequest { Key = "k" }, cancellationToken: Token);
        await rig.Images.PruneAsync(new PruneRequest { All = true }, cancellationToken: Token);
        Assert.Empty(Directory.GetDirectories(Path.Combine(rig.State, "vfs/l")));
    }

    private static async Task<IReadOnlyList<string>> TagsAsync(ImageRig rig) =>
        [.. (await rig.Cri.ListImagesAsync(new Cri.ListImagesRequest(), cancellationToken: Token)).Images.SelectMany(i => i.RepoTags).Order(StringComparer.Ordinal)];
}
