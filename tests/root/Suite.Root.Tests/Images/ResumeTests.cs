using System.Diagnostics;
using Grpc.Core;
using Microsoft.AspNetCore.Http;
using Suite.Graph.V1;
using Suite.Image.Graph.Tar;
using Suite.Oci.References;
using Suite.Testing.Requirements;
using Suite.Testing.Services;
using Cri = Runtime.V1;

namespace Suite.Root.Tests.Images;

/// <summary>Pulls that are cut off and come again, and hosts that stop in the middle: what came once is not fetched twice.</summary>
public sealed class ResumeTests
{
    private const int Large = 9_000_000;

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [RootTheory]
    [InlineData(true)]
    [InlineData(false)] // a registry that knows no ranges sends all again, and only the rest is taken
    public async Task A_pull_that_its_deadline_cut_off_goes_on_where_it_was(bool ranges)
    {
        await using var registry = await FakeRegistry.StartAsync();
        await using var rig = await ImageRig.StartAsync(InstanceName.OfCaller() + ranges);
        var name = AddImage(registry);
        var served = new ServedBlobs(registry, ranges) { StallAt = 6_000_000 };
        await CutAsync(rig, name);
        Assert.Empty(rig.Kept());
        // The other layer had come whole: its bytes wait too.
        Assert.Equal([5_000_000, 6_000_000], Begun(rig).Select(f => f.Length / 1_000_000 * 1_000_000).Order());

        served.StallAt = long.MaxValue;
        served.From.Clear();
        await rig.PullAsync(name);

        Assert.Equal([6_000_000], served.From);
        Assert.Empty(Begun(rig));
        await AssertWholeAsync(rig, name);
    }

    [RootFact]
    public async Task A_restart_goes_on_too_and_damaged_bytes_are_fetched_anew()
    {
        await using var registry = await FakeRegistry.StartAsync();
        await using var rig = await ImageRig.StartAsync(InstanceName.OfCaller());
        var name = AddImage(registry);
        var served = new ServedBlobs(registry, ranges: true) { StallAt = 6_000_000 };
        await CutAsync(rig, name);

        await rig.RestartAsync(() =>
        {
            // As a power cut leaves a file whose length was written and whose content was not.
            using var file = File.OpenWrite(Begun(rig).Single(f => f.Length >= 6_000_000).FullName);
            file.Position = 3_000_000;
            file.Write(new byte[4096]);
            return Task.CompletedTask;
        });
        served.StallAt = long.MaxValue;
        served.From.Clear();
        await rig.PullAsync(name);

        Assert.Equal(0, served.From[^1]); // at once, or after the rest had come and the whole was wrong
        await AssertWholeAsync(rig, name);
    }

    [RootFact]
    public async Task What_nobody_comes_back_for_goes_with_a_prune_and_a_refused_image_leaves_nothing()
    {
        await using var registry = await FakeRegistry.StartAsync();
        await using var rig = await ImageRig.StartAsync(InstanceName.OfCaller());
        var name = AddImage(registry);
        _ = new ServedBlobs(registry, ranges: true) { StallAt = 6_000_000 };
        await CutAsync(rig, name);
        var bytes = (ulong)Begun(rig).Sum(f => f.Length);
        Assert.Equal(bytes, (await rig.Images.PruneAsync(new PruneRequest { DryRun = true }, cancellationToken: Token)).ReclaimedBytes);
        Assert.Equal(bytes, (await rig.Images.PruneAsync(new PruneRequest(), cancellationToken: Token)).ReclaimedBytes);
        Assert.Empty(Begun(rig));

        registry.Before = _ => Task.FromResult(false);
        var digest = registry.Blobs.OrderByDescending(b => b.Value.Length).First().Key;
        registry.Blobs[digest] = [.. registry.Blobs[digest][..^1], (byte)~registry.Blobs[digest][^1]];
        Assert.Equal(StatusCode.DataLoss, (await rig.PullFailsAsync(name)).StatusCode);
        Assert.Empty(Begun(rig));
    }

    [RootTheory]
    [InlineData(0)] // before it says anything
    [InlineData(6_000_000)] // in the middle
    public async Task A_mirror_that_stalls_is_left_for_the_next_host(long at)
    {
        await using var registry = await FakeRegistry.StartAsync();
        await using var mirror = await FakeRegistry.StartAsync();
        await using var rig = await ImageRig.StartAsync(InstanceName.OfCaller() + at, """{ "progressTimeout": 1, "parallelLayers": 1 }""");
        var name = AddImage(registry);
        AddImage(mirror);
        _ = new ServedBlobs(mirror, ranges: true) { StallAt = at };
        var served = new ServedBlobs(registry, ranges: true);
        await MirrorAsync(rig, registry, mirror);

        var started = Stopwatch.GetTimestamp();
        await rig.PullAsync(name);

        Assert.InRange(Stopwatch.GetElapsedTime(started).TotalSeconds, 0.9, 10); // it stalled once, and was not asked again
        Assert.Equal(at, served.From.First());
        await AssertWholeAsync(rig, name);
    }

    [RootFact]
    public async Task A_mirror_that_says_nothing_at_all_is_left_for_the_next_host()
    {
        await using var registry = await FakeRegistry.StartAsync();
        await using var mirror = await FakeRegistry.StartAsync();
        await using var rig = await ImageRig.StartAsync(InstanceName.OfCaller(), """{ "progressTimeout": 1 }""");
        var name = AddImage(registry);
        mirror.Before = async http =>
        {
            await Task.Delay(Timeout.Infinite, http.RequestAborted).ContinueWith(_ => { }, TaskScheduler.Default);
            return true;
        };
        await MirrorAsync(rig, registry, mirror);

        var started = Stopwatch.GetTimestamp();
        await rig.PullAsync(name);

        Assert.InRange(Stopwatch.GetElapsedTime(started).TotalSeconds, 0.9, 10);
        Assert.Single(mirror.Requests);
    }

    [RootFact]
    public async Task A_mirror_that_lies_is_left_for_the_next_host()
    {
        await using var registry = await FakeRegistry.StartAsync();
        await using var mirror = await FakeRegistry.StartAsync();
        await using var rig = await ImageRig.StartAsync(InstanceName.OfCaller());
        var name = AddImage(registry);
        AddImage(mirror);
        foreach (var (digest, blob) in mirror.Blobs.Where(b => b.Value.Length > 1000)) mirror.Blobs[digest] = [.. blob[..1000], (byte)~blob[1000], .. blob[1001..]];
        await MirrorAsync(rig, registry, mirror);

        await rig.PullAsync(name);

        await AssertWholeAsync(rig, name);
    }

    /// <summary>Two layers of noise, which does not compress.</summary>
    private static string AddImage(FakeRegistry registry)
    {
        registry.Add("app", "1", Layer("small", 5_000_000), Layer("large", Large));
        return $"{registry.Host}/app:1";
    }

    private static byte[] Layer(string name, int bytes) =>
        FakeRegistry.Layer((new TarEntry { Name = System.Text.Encoding.ASCII.GetBytes(name), Mode = 0x1A4 }, Noise(name, bytes)));

    private static byte[] Noise(string seed, int bytes)
    {
        var noise = new byte[bytes];
        new Random(seed.Length).NextBytes(noise);
        return noise;
    }

    private static async Task CutAsync(ImageRig rig, string name)
    {
        var error = await Assert.ThrowsAsync<RpcException>(async () => await rig.Cri.PullImageAsync(
            new Cri.PullImageRequest { Image = new Cri.ImageSpec { Image = name } }, deadline: TimeProvider.System.GetUtcNow().UtcDateTime.AddSeconds(2), cancellationToken: Token));
        Assert.Equal(StatusCode.DeadlineExceeded, error.StatusCode);
        for (var i = 0; i < 200 && rig.Kept().Count > 0; i++) await Task.Delay(50, Token);
    }

    private static FileInfo[] Begun(ImageRig rig) => new DirectoryInfo(Path.Combine(rig.State, "blobs-begun")).GetFiles();

    private static async Task MirrorAsync(ImageRig rig, FakeRegistry registry, FakeRegistry mirror)
    {
        var folder = Directory.CreateDirectory(Path.Combine(rig.Config, "certs.d", registry.Host)).FullName;
        await File.WriteAllTextAsync(Path.Combine(folder, "hosts.toml"), $"[host.\"http://{mirror.Host}\"]", Token);
    }

    private static async Task AssertWholeAsync(ImageRig rig, string name)
    {
        var prepared = await rig.Graph.PrepareRootfsAsync(new PrepareRootfsRequest { Key = "look", Image = name }, cancellationToken: Token);
        using var root = Mounted.Of(prepared.Mounts.Single());
        Assert.Equal(Noise("small", 5_000_000), await File.ReadAllBytesAsync(root.Path + "/small", Token));
        Assert.Equal(Noise("large", Large), await File.ReadAllBytesAsync(root.Path + "/large", Token));
    }

    /// <summary>A registry's large blobs, sent to a chosen byte and then no further.</summary>
    private sealed class ServedBlobs
    {
        public ServedBlobs(FakeRegistry registry, bool ranges) => registry.Before = http => AnswerAsync(registry, http, ranges);

        public long StallAt { get; set; } = long.MaxValue;

        /// <summary>Where each request for a large blob began.</summary>
        public List<long> From { get; } = [];

        private async Task<bool> AnswerAsync(FakeRegistry registry, HttpContext http, bool ranges)
        {
            var blob = registry.Blobs.GetValueOrDefault(http.Request.Path.Value!.Split('/')[^1]);
            if (blob is null || blob.Length < Large) return false;
            var from = http.Request.Headers.Range.Count > 0 ? int.Parse(http.Request.Headers.Range.ToString()["bytes=".Length..^1], null) : 0;
            lock (From) From.Add(from);
            if (StallAt == 0) await StallAsync(http);
            if (!ranges) from = 0;
            http.Response.StatusCode = from > 0 ? 206 : 200;
            if (from > 0) http.Response.Headers.ContentRange = $"bytes {from}-{blob.Length - 1}/{blob.Length}";
            http.Response.ContentLength = blob.Length - from;
            var end = (int)Math.Min(StallAt, blob.Length);
            await http.Response.Body.WriteAsync(blob.AsMemory(from, end - from), http.RequestAborted);
            await http.Response.Body.FlushAsync(http.RequestAborted);
            if (end < blob.Length) await StallAsync(http);
            return true;
        }

        private static Task StallAsync(HttpContext http) => Task.Delay(Timeout.Infinite, http.RequestAborted).ContinueWith(_ => { }, TaskScheduler.Default);
    }
}
