using Grpc.Core;
using Microsoft.AspNetCore.Http;
using Suite.Graph.V1;
using Suite.Oci.References;
using Suite.Testing.Requirements;
using Suite.Testing.Services;
using Cri = Runtime.V1;

namespace Suite.Root.Tests.Images;

public sealed class PullTests
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [RootFact]
    public async Task An_image_is_pulled_listed_pushed_elsewhere_and_removed_without_a_trace()
    {
        await using var registry = await FakeRegistry.StartAsync();
        await using var rig = await ImageRig.StartAsync(InstanceName.OfCaller());
        var manifest = registry.Add("app", "1", FakeRegistry.Layer("a", "one"), FakeRegistry.Layer("b", "two"));
        var name = $"{registry.Host}/app:1";

        var id = await rig.PullAsync(name);

        var image = (await rig.Cri.ListImagesAsync(new Cri.ListImagesRequest(), cancellationToken: Token)).Images.Single();
        Assert.Equal(id, image.Id);
        Assert.Equal([name], image.RepoTags);
        Assert.Equal([$"{registry.Host}/app@{manifest}"], image.RepoDigests);
        Assert.Equal(1000, image.Uid.Value);
        Assert.True(image.Size > 0);
        foreach (var called in (string[])[name, id, id["sha256:".Length..], id["sha256:".Length..][..12], $"{registry.Host}/app@{manifest}"])
            Assert.Equal(id, (await rig.Cri.ImageStatusAsync(new Cri.ImageStatusRequest { Image = new Cri.ImageSpec { Image = called } }, cancellationToken: Token)).Image.Id);
        Assert.Null((await rig.Cri.ImageStatusAsync(new Cri.ImageStatusRequest { Image = new Cri.ImageSpec { Image = "none" } }, cancellationToken: Token)).Image);

        var other = $"{registry.Host}/other:2";
        await rig.Images.TagAsync(new TagRequest { Source = name, Target = other }, cancellationToken: Token);
        using var push = rig.Images.Push(new PushRequest { Reference = other }, cancellationToken: Token);
        PushResult? pushed = null;
        await foreach (var e in push.ResponseStream.ReadAllAsync(Token)) pushed = e.Result ?? pushed;
        Assert.Equal(manifest.ToString(), pushed!.Digest);
        Assert.True(registry.Manifests.ContainsKey("other:2"));

        await rig.Cri.RemoveImageAsync(new Cri.RemoveImageRequest { Image = new Cri.ImageSpec { Image = name } }, cancellationToken: Token);
        await rig.Cri.RemoveImageAsync(new Cri.RemoveImageRequest { Image = new Cri.ImageSpec { Image = name } }, cancellationToken: Token);
        Assert.Empty((await rig.Cri.ListImagesAsync(new Cri.ListImagesRequest(), cancellationToken: Token)).Images);
        Assert.Empty(rig.Kept());
    }

    [RootFact]
    public async Task Images_survive_a_restart_and_share_layers()
    {
        await using var registry = await FakeRegistry.StartAsync();
        await using var rig = await ImageRig.StartAsync(InstanceName.OfCaller());
        var shared = FakeRegistry.Layer("a", "shared");
        registry.Add("one", "latest", shared);
        registry.Add("two", "latest", shared, FakeRegistry.Layer("b", "own"));
        await rig.PullAsync($"{registry.Host}/one");
        await rig.PullAsync($"{registry.Host}/two");
        Assert.Equal(2, rig.Kept().Count(k => k.StartsWith("overlay/l/", StringComparison.Ordinal)));

        await rig.RestartAsync();
        await rig.Cri.RemoveImageAsync(new Cri.RemoveImageRequest { Image = new Cri.ImageSpec { Image = $"{registry.Host}/one" } }, cancellationToken: Token);
        Assert.Equal(2, rig.Kept().Count(k => k.StartsWith("overlay/l/", StringComparison.Ordinal)));
        Assert.Single((await rig.Cri.ListImagesAsync(new Cri.ListImagesRequest(), cancellationToken: Token)).Images);
    }

    [RootFact]
    public async Task Pulls_of_the_same_image_at_the_same_time_fetch_it_once()
    {
        await using var registry = await FakeRegistry.StartAsync();
        await using var rig = await ImageRig.StartAsync(InstanceName.OfCaller());
        registry.Add("app", "1", FakeRegistry.Layer("a", new string('x', 100_000)));
        registry.Before = async http => { await Task.Delay(50, http.RequestAborted); return false; };

        var ids = await Task.WhenAll(Enumerable.Range(0, 8).Select(_ => rig.PullAsync($"{registry.Host}/app:1")));

        Assert.Single(ids.Distinct());
        Assert.Equal(3, registry.Requests.Count); // manifest, configuration, layer

        await rig.PullAsync($"{registry.Host}/app:1");
        Assert.Equal(4, registry.Requests.Count); // of an image that is here, the manifest says all
    }

    [RootFact]
    public async Task What_is_not_there_is_told_with_the_registrys_name()
    {
        await using var registry = await FakeRegistry.StartAsync();
        await using var rig = await ImageRig.StartAsync(InstanceName.OfCaller());

        var missing = await rig.PullFailsAsync($"{registry.Host}/none:1");
        Assert.Equal(StatusCode.NotFound, missing.StatusCode);
        Assert.Contains(registry.Host, missing.Status.Detail, StringComparison.Ordinal);

        var down = await rig.PullFailsAsync("127.0.0.1:1/none:1");
        Assert.Equal(StatusCode.Unavailable, down.StatusCode);
        Assert.Contains("127.0.0.1:1", down.Status.Detail, StringComparison.Ordinal);

        Assert.Equal(StatusCode.InvalidArgument, (await rig.PullFailsAsync("NOT a name")).StatusCode);
        Assert.Equal(StatusCode.NotFound, (await Assert.ThrowsAsync<RpcException>(
            async () => await rig.Graph.PrepareRootfsAsync(new PrepareRootfsRequest { Key = "k", Image = "none" }, cancellationToken: Token))).StatusCode);
    }

    [RootTheory]
    [InlineData("digest")]
    [InlineData("large digest")]
    [InlineData("diff id")]
    [InlineData("longer")]
    [InlineData("shorter")]
    [InlineData("gzip")]
    [InlineData("tar")]
    [InlineData("escape")]
    public async Task Damage_is_data_loss_names_the_image_and_leaves_nothing(string damage)
    {
        await using var registry = await FakeRegistry.StartAsync();
        await using var rig = await ImageRig.StartAsync(InstanceName.OfCaller() + damage[..1]);
        var good = FakeRegistry.Layer("good", new string('g', 1_000_000));
        var layer = damage switch
        {
            "tar" => good[..5000],
            "large digest" => FakeRegistry.Layer((new Suite.Image.Graph.Tar.TarEntry { Name = "bad"u8.ToArray(), Mode = 0x1A4 }, Noise(6_000_000))),
            "escape" => FakeRegistry.Layer("../../escaped", "x"),
            _ => FakeRegistry.Layer("bad", new string('b', 500_000)),
        };
        var manifest = registry.Add("app", "1", (d, i) => i == 0 ? d : damage switch
        {
            "longer" => d with { Size = d.Size - 1 },
            "shorter" => d with { Size = d.Size + 1 },
            _ => d,
        }, good, layer);
        var digest = Digest.Compute(FakeRegistry.Gzip(layer)).ToString();
        if (damage.EndsWith("digest", StringComparison.Ordinal)) registry.Blobs[digest] = [.. FakeRegistry.Gzip(layer)[..^1], 0x55];
        if (damage == "diff id") Substitute(registry, "app:1", manifest, Digest.Compute(layer));
        if (damage == "gzip") registry.Blobs[digest] = [.. FakeRegistry.Gzip(layer).Select((b, i) => i == 100 ? (byte)(b ^ 0xff) : b)];

        var error = await rig.PullFailsAsync($"{registry.Host}/app:1");

        Assert.True(error.StatusCode == StatusCode.DataLoss, error.Status.Detail);
        Assert.Contains($"{registry.Host}/app:1", error.Status.Detail, StringComparison.Ordinal);
        Assert.Empty(rig.Kept());
        Assert.Empty((await rig.Cri.ListImagesAsync(new Cri.ListImagesRequest(), cancellationToken: Token)).Images);
    }

    [RootFact]
    public async Task A_stalled_transfer_is_given_up()
    {
        await using var registry = await FakeRegistry.StartAsync();
        await using var rig = await ImageRig.StartAsync(InstanceName.OfCaller(), """{ "progressTimeout": 1 }""");
        registry.Add("app", "1", FakeRegistry.Layer("a", new string('x', 100_000)));
        registry.Before = async http =>
        {
            if (!http.Request.Path.Value!.Contains("/blobs/", StringComparison.Ordinal)) return false;
            await Task.Delay(Timeout.Infinite, http.RequestAborted).ContinueWith(_ => { }, TaskScheduler.Default);
            return true;
        };

        var error = await rig.PullFailsAsync($"{registry.Host}/app:1");
        Assert.Equal(StatusCode.Unavailable, error.StatusCode);
        Assert.Contains("sent nothing", error.Status.Detail, StringComparison.Ordinal);
        Assert.Empty(rig.Kept());
    }

    [RootTheory]
    [InlineData(2_000_000)]
    [InlineData(6_000_000)] // large enough to be unpacked while it comes
    public async Task A_broken_connection_is_resumed_where_it_broke(int bytes)
    {
        await using var registry = await FakeRegistry.StartAsync();
        await using var rig = await ImageRig.StartAsync(InstanceName.OfCaller());
        var noise = Noise(bytes);
        registry.Add("app", "1", FakeRegistry.Layer((new Suite.Image.Graph.Tar.TarEntry { Name = "a"u8.ToArray(), Mode = 0x1A4 }, noise)));
        var broken = 0;
        registry.Before = async http =>
        {
            var blob = registry.Blobs.GetValueOrDefault(http.Request.Path.Value!.Split('/')[^1]);
            if (blob is null || blob.Length < 1_000_000) return false;
            var from = http.Request.Headers.Range.Count > 0 ? int.Parse(http.Request.Headers.Range.ToString()["bytes=".Length..^1], null) : 0;
            http.Response.StatusCode = from > 0 ? 206 : 200;
            if (from > 0) http.Response.Headers.ContentRange = $"bytes {from}-{blob.Length - 1}/{blob.Length}";
            http.Response.ContentLength = blob.Length - from;
            var breaks = Interlocked.Increment(ref broken) < 3;
            await http.Response.Body.WriteAsync(blob.AsMemory(from, breaks ? 500_000 : blob.Length - from), http.RequestAborted);
            await http.Response.Body.FlushAsync(http.RequestAborted);
            if (breaks)
            {
                await Task.Delay(200, http.RequestAborted);
                http.Abort();
            }

            return true;
        };

        await rig.PullAsync($"{registry.Host}/app:1");
        Assert.Equal(3, broken);
    }

    [RootFact]
    public async Task Passing_failures_are_tried_again()
    {
        await using var registry = await FakeRegistry.StartAsync();
        await using var rig = await ImageRig.StartAsync(InstanceName.OfCaller());
        registry.Add("app", "1", FakeRegistry.Layer("a", "x"));
        var failures = 0;
        registry.Before = http =>
        {
            if (Interlocked.Increment(ref failures) > 2) return Task.FromResult(false);
            http.Response.StatusCode = failures == 1 ? 503 : 429;
            http.Response.Headers.RetryAfter = "0";
            return Task.FromResult(true);
        };
        await rig.PullAsync($"{registry.Host}/app:1");
    }

    private static byte[] Noise(int bytes)
    {
        var noise = new byte[bytes];
        new Random(1).NextBytes(noise);
        return noise;
    }

    /// <summary>A configuration that promises other content: the compressed bytes are as their digest says, and still wrong.</summary>
    private static void Substitute(FakeRegistry registry, string name, Digest manifest, Digest diffId)
    {
        var (content, type) = registry.Manifests[name];
        var parsed = Suite.Oci.Images.Manifest.Parse(content, "manifest");
        var config = System.Text.Encoding.UTF8.GetBytes(System.Text.Encoding.UTF8.GetString(registry.Blobs[parsed.Config.Digest.ToString()])
            .Replace(diffId.ToString(), Digest.Compute("other"u8).ToString(), StringComparison.Ordinal));
        registry.Blobs[Digest.Compute(config).ToString()] = config;
        var changed = (parsed with { Config = parsed.Config with { Digest = Digest.Compute(config), Size = config.Length } }).ToJson();
        registry.Manifests.TryRemove(name.Split(':')[0] + ":" + manifest, out _);
        registry.Manifests[name] = (changed, type);
    }
}
