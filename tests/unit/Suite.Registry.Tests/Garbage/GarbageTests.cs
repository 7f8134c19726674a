using System.Net;
using Grpc.Core;
using Suite.Oci.Images;
using Suite.Oci.References;
using Suite.Registry.V1;

namespace Suite.Registry.Tests.Garbage;

public sealed class GarbageTests
{
    private static readonly TimeSpan Hour = TimeSpan.FromHours(1);
    private static readonly TimeSpan Minute = TimeSpan.FromMinutes(1);

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    private static async Task<string[]> CollectAsync(RunningRegistry registry, bool dryRun = false, ulong? grace = null)
    {
        var request = new CollectGarbageRequest { DryRun = dryRun };
        if (grace is { } seconds)
            request.GraceSeconds = seconds;
        using var call = registry.Administration.CollectGarbage(request, cancellationToken: Cancellation);
        var removed = new List<string>();
        await foreach (var response in call.ResponseStream.ReadAllAsync(Cancellation))
        {
            if (response.Summary is { } summary)
                Assert.Equal((ulong)removed.Count, summary.Removed);
            else
                removed.Add($"{response.Removed.Kind} {response.Removed.Repository} {response.Removed.Name}".Replace("  ", " ", StringComparison.Ordinal));
        }

        return [.. removed.Order(StringComparer.Ordinal)];
    }

    private static async Task<HttpStatusCode> AskAsync(RunningRegistry registry, HttpMethod method, string path)
    {
        using var response = await registry.SendAsync(method, path);
        return response.StatusCode;
    }

    private static int Files(RunningRegistry registry) => Directory.GetFiles(Path.Combine(registry.State, "blobs"), "*", SearchOption.AllDirectories).Length;

    [Fact]
    public async Task What_no_manifest_needs_goes_after_its_grace_and_not_before()
    {
        var time = new SteppedTime();
        await using var registry = await RunningRegistry.StartAsync(time);
        await registry.PushImageAsync("app", "1");
        time.Advance(Hour * 2);
        var loose = await registry.PushBlobAsync("app", "nobody needs this"u8.ToArray());
        time.Advance(Minute * 59);
        Assert.Empty(await CollectAsync(registry));
        time.Advance(Minute);
        Assert.Equal([$"blob app {loose}"], await CollectAsync(registry, dryRun: true));
        Assert.Equal(HttpStatusCode.OK, await AskAsync(registry, HttpMethod.Get, $"/v2/app/blobs/{loose}"));
        Assert.Equal([$"blob app {loose}"], await CollectAsync(registry));
        Assert.Equal(HttpStatusCode.NotFound, await AskAsync(registry, HttpMethod.Get, $"/v2/app/blobs/{loose}"));
        Assert.Equal(2, Files(registry));
        Assert.Empty(await CollectAsync(registry));
    }

    [Theory]
    [InlineData("HEAD", "/v2/app/blobs/{0}")]
    [InlineData("POST", "/v2/app/blobs/uploads/?mount={0}&from=app")]
    public async Task A_question_or_a_mount_renews_the_grace(string method, string path)
    {
        var time = new SteppedTime();
        await using var registry = await RunningRegistry.StartAsync(time);
        var loose = await registry.PushBlobAsync("app", "layer"u8.ToArray());
        time.Advance(Minute * 50);
        Assert.Contains(
            await AskAsync(registry, new HttpMethod(method), string.Format(System.Globalization.CultureInfo.InvariantCulture, path, loose)),
            new[] { HttpStatusCode.OK, HttpStatusCode.Created });
        time.Advance(Minute * 50);
        Assert.Empty(await CollectAsync(registry));
        time.Advance(Minute * 10);
        Assert.Equal([$"blob app {loose}"], await CollectAsync(registry));
    }

    [Fact]
    public async Task Content_stays_while_one_repository_needs_it()
    {
        await using var registry = await RunningRegistry.StartAsync();
        await registry.PushImageAsync("kept", "1", "shared");
        await registry.PushBlobAsync("other", "shared"u8.ToArray());
        var shared = Digest.Compute("shared"u8);
        Assert.Equal([$"blob other {shared}"], await CollectAsync(registry, grace: 0));
        Assert.Equal(HttpStatusCode.OK, await AskAsync(registry, HttpMethod.Get, $"/v2/kept/blobs/{shared}"));
        Assert.Equal(HttpStatusCode.NotFound, await AskAsync(registry, HttpMethod.Get, $"/v2/other/tags/list"));
    }

    [Fact]
    public async Task What_a_crash_left_without_a_record_goes_too()
    {
        await using var registry = await RunningRegistry.StartAsync();
        await registry.PushImageAsync("app", "1");
        var orphan = Digest.Compute("orphan"u8);
        var path = Path.Combine(registry.State, "blobs", "sha256", orphan.Hex[..2], orphan.Hex);
        Directory.CreateDirectory(Path.GetDirectoryName(path)!);
        await File.WriteAllTextAsync(path, "orphan", Cancellation);
        Assert.Empty(await CollectAsync(registry, grace: 3600));
        Assert.Equal([$"content {orphan}"], await CollectAsync(registry, grace: 0));
        Assert.False(File.Exists(path));
    }

    [Fact]
    public async Task Untagged_manifests_go_where_a_rule_says_so_and_what_tags_lead_to_stays()
    {
        await using var registry = await RunningRegistry.StartAsync("garbage:retention:0:keepUntagged=false");
        var child = Digest.Compute(await registry.PushImageAsync("app", "child", "one"));
        var index = System.Text.Encoding.UTF8.GetBytes(
            $$"""{"schemaVersion":2,"mediaType":"{{MediaTypes.OciIndex}}","manifests":[{"mediaType":"{{MediaTypes.OciManifest}}","digest":"{{child}}","size":1}]}""");
        using (var put = await registry.SendAsync(HttpMethod.Put, "/v2/app/manifests/all", index, MediaTypes.OciIndex))
            Assert.Equal(HttpStatusCode.Created, put.StatusCode);
        Assert.Equal(HttpStatusCode.Accepted, await AskAsync(registry, HttpMethod.Delete, "/v2/app/manifests/child"));
        var subject = $$""", "subject":{"mediaType":"{{MediaTypes.OciIndex}}","digest":"{{Digest.Compute(index)}}","size":{{index.Length}}}""";
        var signature = await registry.ManifestAsync("app", "signature", subject);
        using (var put = await registry.SendAsync(HttpMethod.Put, $"/v2/app/manifests/{Digest.Compute(signature)}", signature, MediaTypes.OciManifest))
            Assert.Equal(HttpStatusCode.Created, put.StatusCode);
        var old = Digest.Compute(await registry.PushImageAsync("app", "moved", "two"));
        await registry.PushImageAsync("app", "moved", "three");

        Assert.Equal([$"blob app {Digest.Compute("two"u8)}", $"manifest app {old}"], await CollectAsync(registry, grace: 0));
        Assert.Equal(HttpStatusCode.Accepted, await AskAsync(registry, HttpMethod.Delete, "/v2/app/manifests/all"));
        Assert.Contains($"manifest app {Digest.Compute(signature)}", await CollectAsync(registry, grace: 0));
        Assert.Equal(HttpStatusCode.OK, await AskAsync(registry, HttpMethod.Get, "/v2/app/manifests/moved"));
    }

    [Fact]
    public async Task Tags_stay_while_somebody_pulls_them_and_a_question_is_no_pull()
    {
        var time = new SteppedTime();
        await using var registry = await RunningRegistry.StartAsync(time, "garbage:retention:0:keepPulledWithin=1.00:00:00");
        foreach (var tag in (string[])["asked", "by-digest", "by-tag", "idle"])
            await registry.PushImageAsync("app", tag, layer: tag);
        time.Advance(Hour * 20);
        Assert.Empty(await CollectAsync(registry));
        var digest = Digest.Compute(await registry.ManifestAsync("app", "by-digest"));
        Assert.Equal(HttpStatusCode.OK, await AskAsync(registry, HttpMethod.Get, $"/v2/app/manifests/{digest}"));
        Assert.Equal(HttpStatusCode.OK, await AskAsync(registry, HttpMethod.Get, "/v2/app/manifests/by-tag"));
        Assert.Equal(HttpStatusCode.OK, await AskAsync(registry, HttpMethod.Head, "/v2/app/manifests/asked"));
        // What is noted in memory outlives an orderly end.
        await registry.RestartAsync();
        time.Advance(Hour * 5);
        Assert.Equal(["tag app asked", "tag app idle"], await CollectAsync(registry));
        time.Advance(Hour * 20);
        Assert.Equal(["tag app by-digest", "tag app by-tag"], (await CollectAsync(registry)).Where(item => item.StartsWith("tag", StringComparison.Ordinal)));
    }

    [Fact]
    public async Task Pushes_go_on_while_garbage_is_collected_and_no_manifest_lacks_a_layer()
    {
        var time = new SteppedTime();
        await using var registry = await RunningRegistry.StartAsync(time);
        using var stop = new CancellationTokenSource();
        var collecting = Task.Run(async () =>
        {
            while (!stop.IsCancellationRequested)
                await CollectAsync(registry);
        }, Cancellation);
        for (var i = 0; i < 30; i++)
        {
            // The same layers over and over, each time given up in between: what a collector without locks and renewals breaks.
            await registry.PushImageAsync("app", "1", "layer " + (i % 3));
            Assert.Equal(HttpStatusCode.OK, await AskAsync(registry, HttpMethod.Get, $"/v2/app/blobs/{Digest.Compute(System.Text.Encoding.UTF8.GetBytes("layer " + (i % 3)))}"));
            using var manifest = await registry.SendAsync(HttpMethod.Get, "/v2/app/manifests/1");
            Assert.Equal(HttpStatusCode.Accepted, await AskAsync(registry, HttpMethod.Delete, $"/v2/app/manifests/{manifest.Header("Docker-Content-Digest")}"));
            time.Advance(Hour * 2);
        }

        await stop.CancelAsync();
        await collecting;
        await CollectAsync(registry);
        Assert.Equal(0, Files(registry));
    }
}
