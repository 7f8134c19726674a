using Suite.Graph.V1;
using Suite.Testing.Requirements;
using Suite.Testing.Services;
using Cri = Runtime.V1;

namespace Suite.Root.Tests.Images;

public sealed class PruneTests
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [RootFact]
    public async Task What_nobody_uses_goes_and_the_report_says_how_much_it_was()
    {
        await using var registry = await FakeRegistry.StartAsync();
        await using var rig = await ImageRig.StartAsync(InstanceName.OfCaller(), $$"""{ "pinnedImages": ["{{registry.Host}}/pinned:1"] }""");
        var shared = FakeRegistry.Layer("shared", new string('s', 100_000));
        registry.Add("used", "1", shared);
        registry.Add("pinned", "1", FakeRegistry.Layer("p", "pinned"));
        registry.Add("named", "1", shared, FakeRegistry.Layer("n", new string('n', 200_000)));
        registry.Add("old", "1", FakeRegistry.Layer("o", new string('o', 300_000)));
        foreach (var name in (string[])["used", "pinned", "named", "old"]) await rig.PullAsync($"{registry.Host}/{name}:1");
        registry.Add("old", "1", FakeRegistry.Layer("o", "newer"));
        await rig.PullAsync($"{registry.Host}/old:1"); // the image that had this name has none any more
        await rig.Graph.PrepareRootfsAsync(new PrepareRootfsRequest { Key = "k", Image = $"{registry.Host}/used:1" }, cancellationToken: Token);

        var usage = await rig.Images.DiskUsageAsync(new DiskUsageRequest(), cancellationToken: Token);
        Assert.Equal((5UL, 1UL, 1UL), (usage.Images.Count, usage.Images.Active, usage.Rootfs.Count));
        Assert.InRange(usage.Images.Bytes, 600_000UL, 800_000UL);
        Assert.InRange(usage.Images.ReclaimableBytes, 500_000UL, usage.Images.Bytes - 100_000);
        var named = usage.ImageUsages.Single(u => u.Image.Tags.Contains($"{registry.Host}/named:1"));
        Assert.InRange(named.UniqueBytes, 200_000UL, 230_000UL);
        Assert.InRange(named.SharedBytes, 100_000UL, 120_000UL);

        var kept = rig.Kept();
        var dry = await rig.Images.PruneAsync(new PruneRequest { DryRun = true }, cancellationToken: Token);
        Assert.Equal(kept, rig.Kept());
        var dangling = await rig.Images.PruneAsync(new PruneRequest(), cancellationToken: Token);
        Assert.Equal(dry, dangling);
        Assert.Single(dangling.Deleted);
        Assert.InRange(dangling.ReclaimedBytes, 300_000UL, 330_000UL);
        Assert.Equal(kept.Count - 2, rig.Kept().Count); // its layer and its blob

        var all = await rig.Images.PruneAsync(new PruneRequest { All = true }, cancellationToken: Token);
        Assert.Equal([$"{registry.Host}/named:1", $"{registry.Host}/old:1"], all.Untagged.Where(n => !n.Contains('@', StringComparison.Ordinal)).Order(StringComparer.Ordinal));
        var left = (await rig.Cri.ListImagesAsync(new Cri.ListImagesRequest(), cancellationToken: Token)).Images;
        Assert.Equal([$"{registry.Host}/pinned:1", $"{registry.Host}/used:1"], left.SelectMany(i => i.RepoTags).Order(StringComparer.Ordinal));
        Assert.True(left.Single(i => i.RepoTags[0].Contains("pinned", StringComparison.Ordinal)).Pinned);
    }
}
