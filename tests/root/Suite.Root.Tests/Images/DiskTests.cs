using Grpc.Core;
using Microsoft.AspNetCore.Http;
using Suite.Graph.V1;
using Suite.Testing.Requirements;
using Suite.Testing.Services;
using Cri = Runtime.V1;

namespace Suite.Root.Tests.Images;

public sealed class DiskTests
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [RootFact]
    public async Task A_full_disk_is_told_and_nothing_is_left_on_it()
    {
        await using var registry = await FakeRegistry.StartAsync();
        using var disk = Mounted.Of("tmpfs", "image-full", "size=8m");
        await using var rig = await ImageRig.StartAsync(InstanceName.OfCaller(), at: disk.Path);
        registry.Add("big", "1", FakeRegistry.Layer("small", "x"), FakeRegistry.Layer("big", new string('x', 20_000_000)));
        registry.Add("small", "1", FakeRegistry.Layer("small", "x"));

        var error = await rig.PullFailsAsync($"{registry.Host}/big:1");

        Assert.True(error.StatusCode == StatusCode.ResourceExhausted, error.Status.Detail);
        Assert.Contains("no space left", error.Status.Detail, StringComparison.OrdinalIgnoreCase);
        Assert.Empty(rig.Kept());
        await rig.PullAsync($"{registry.Host}/small:1");
    }

    [RootFact]
    public async Task What_a_killed_process_left_is_gone_after_the_next_start()
    {
        await using var registry = await FakeRegistry.StartAsync();
        await using var rig = await ImageRig.StartAsync(InstanceName.OfCaller());
        registry.Add("app", "1", FakeRegistry.Layer("a", "x"));
        await rig.PullAsync($"{registry.Host}/app:1");
        var before = rig.Kept();
        foreach (var left in (string[])["overlay/tmp/abc-1/deep", "overlay/trash/t1/deep", "overlay/l/0123456789ab", "overlay/r/lost/upper", "builds-tmp/b1"])
            Directory.CreateDirectory(Path.Combine(rig.State, left));
        await File.WriteAllTextAsync(Path.Combine(rig.State, "blobs-tmp/draft"), "x", Token);
        await File.WriteAllTextAsync(Path.Combine(rig.State, "blobs/sha256", new string('0', 64)), "x", Token);

        await rig.RestartAsync();

        Assert.Equal(before, rig.Kept());
    }

    [RootFact]
    public async Task A_cancelled_pull_leaves_nothing()
    {
        await using var registry = await FakeRegistry.StartAsync();
        await using var rig = await ImageRig.StartAsync(InstanceName.OfCaller());
        registry.Add("app", "1", FakeRegistry.Layer("a", "x"), FakeRegistry.Layer("b", "y"));
        var reached = new TaskCompletionSource();
        var held = 0;
        registry.Before = async http =>
        {
            if (!http.Request.Path.Value!.Contains("/blobs/", StringComparison.Ordinal) || Interlocked.Increment(ref held) < 3) return false;
            reached.TrySetResult();
            await Task.Delay(Timeout.Infinite, http.RequestAborted).ContinueWith(_ => { }, TaskScheduler.Default);
            return true;
        };
        using var call = rig.Cri.PullImageAsync(new Cri.PullImageRequest { Image = new Cri.ImageSpec { Image = $"{registry.Host}/app:1" } }, cancellationToken: Token);
        await reached.Task;
        call.Dispose();
        for (var i = 0; i < 100 && rig.Kept().Count > 0; i++) await Task.Delay(50, Token);
        Assert.Empty(rig.Kept());
    }

    [RootFact]
    public async Task Roots_are_idempotent_survive_a_restart_and_keep_their_image()
    {
        await using var registry = await FakeRegistry.StartAsync();
        await using var rig = await ImageRig.StartAsync(InstanceName.OfCaller());
        registry.Add("app", "1", FakeRegistry.Layer("a", "x"));
        registry.Add("other", "1", FakeRegistry.Layer("b", "y"));
        var (app, other) = ($"{registry.Host}/app:1", $"{registry.Host}/other:1");
        await rig.PullAsync(app);
        await rig.PullAsync(other);

        var first = await rig.Graph.PrepareRootfsAsync(new PrepareRootfsRequest { Key = "k", Image = app, Labels = { ["l"] = "1" } }, cancellationToken: Token);
        Assert.Equal(first, await rig.Graph.PrepareRootfsAsync(new PrepareRootfsRequest { Key = "k", Image = app }, cancellationToken: Token));
        Assert.Equal(StatusCode.AlreadyExists, (await Assert.ThrowsAsync<RpcException>(
            async () => await rig.Graph.PrepareRootfsAsync(new PrepareRootfsRequest { Key = "k", Image = other }, cancellationToken: Token))).StatusCode);
        Assert.Equal(StatusCode.FailedPrecondition, (await Assert.ThrowsAsync<RpcException>(
            async () => await rig.Images.RemoveAsync(new RemoveRequest { Image = app }, cancellationToken: Token))).StatusCode);

        await rig.Cri.RemoveImageAsync(new Cri.RemoveImageRequest { Image = new Cri.ImageSpec { Image = app } }, cancellationToken: Token);
        await rig.RestartAsync();
        var root = (await rig.Graph.ListRootfsAsync(new ListRootfsRequest(), cancellationToken: Token)).Rootfs.Single();
        Assert.Equal(("k", "1"), (root.Key, root.Labels["l"]));
        using (var mounted = Mounted.Of(first.Mounts.Single()))
        {
            Assert.Equal("x", await File.ReadAllTextAsync(mounted.Path + "/a", Token));
            await File.WriteAllTextAsync(mounted.Path + "/new", new string('n', 100_000), Token);
        }

        Assert.True((await rig.Graph.RootfsUsageAsync(new RootfsUsageRequest { Key = "k" }, cancellationToken: Token)).UsedBytes >= 100_000);
        await rig.Graph.RemoveRootfsAsync(new RemoveRootfsRequest { Key = "k" }, cancellationToken: Token);
        await rig.Graph.RemoveRootfsAsync(new RemoveRootfsRequest { Key = "k" }, cancellationToken: Token);
        Assert.Equal(2, rig.Kept().Count); // the other image's layer and blob
    }
}
