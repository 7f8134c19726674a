using System.Text;
using Grpc.Core;
using Microsoft.AspNetCore.Http;
using Suite.Oci.Images;
using Suite.Oci.References;
using Suite.Testing.Requirements;
using Suite.Testing.Services;
using Cri = Runtime.V1;

namespace Suite.Root.Tests.Images;

/// <summary>Registries that lie, stall or send elsewhere: refused with a sentence, and nothing stays.</summary>
public sealed class HostileRegistryTests
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [RootTheory]
    [InlineData("huge manifest", StatusCode.DataLoss, "is longer than 4194304 bytes")]
    [InlineData("indexes without end", StatusCode.NotFound, "is not there for")]
    [InlineData("index of nobody", StatusCode.NotFound, "solaris/sparc")]
    [InlineData("another manifest", StatusCode.DataLoss, "its digest is")]
    [InlineData("no json", StatusCode.DataLoss, "manifest")]
    [InlineData("html", StatusCode.DataLoss, "manifest")]
    [InlineData("artifact", StatusCode.Unimplemented, "artifact")]
    [InlineData("schema 1", StatusCode.Unimplemented, "schema 1")]
    [InlineData("negative size", StatusCode.DataLoss, "negative size")]
    [InlineData("huge config", StatusCode.DataLoss, "are allowed")]
    [InlineData("too few layers", StatusCode.DataLoss, "contradicts itself")]
    [InlineData("bomb", StatusCode.ResourceExhausted, "maxLayerBytes")]
    [InlineData("redirects without end", StatusCode.Internal, "307")]
    [InlineData("redirect to a file", StatusCode.Unavailable, "refused")]
    public async Task A_pull_is_refused_with_a_reason_and_nothing_stays(string trick, StatusCode status, string says)
    {
        await using var registry = await FakeRegistry.StartAsync();
        await using var rig = await ImageRig.StartAsync(InstanceName.OfCaller(), """{ "maxLayerBytes": 1000000, "progressTimeout": 20 }""");
        registry.Add("app", "1", FakeRegistry.Layer("good", "g"), FakeRegistry.Layer("a", trick == "bomb" ? new string('0', 2_000_000) : "x"));
        Play(registry, trick);

        var error = await rig.PullFailsAsync($"{registry.Host}/app:1");

        Assert.True(error.StatusCode == status, error.Status.ToString());
        Assert.Contains(says, error.Status.Detail, StringComparison.Ordinal);
        Assert.Empty(rig.Kept());
        Assert.Empty((await rig.Cri.ListImagesAsync(new Cri.ListImagesRequest(), cancellationToken: Token)).Images);
    }

    [RootFact]
    public async Task The_callers_deadline_ends_the_pull_and_nothing_stays()
    {
        await using var registry = await FakeRegistry.StartAsync();
        await using var rig = await ImageRig.StartAsync(InstanceName.OfCaller());
        registry.Add("app", "1", FakeRegistry.Layer("a", "x"), FakeRegistry.Layer("b", "y"));
        var ended = new TaskCompletionSource();
        registry.Before = async http =>
        {
            if (!http.Request.Path.Value!.EndsWith(Digest.Compute(FakeRegistry.Gzip(FakeRegistry.Layer("b", "y"))).Hex, StringComparison.Ordinal)) return false;
            await Task.Delay(Timeout.Infinite, http.RequestAborted).ContinueWith(_ => ended.TrySetResult(), TaskScheduler.Default);
            return true;
        };

        var error = await Assert.ThrowsAsync<RpcException>(async () => await rig.Cri.PullImageAsync(
            new Cri.PullImageRequest { Image = new Cri.ImageSpec { Image = $"{registry.Host}/app:1" } },
            deadline: TimeProvider.System.GetUtcNow().UtcDateTime.AddSeconds(1), cancellationToken: Token));

        Assert.Equal(StatusCode.DeadlineExceeded, error.StatusCode);
        await ended.Task.WaitAsync(TimeSpan.FromSeconds(20), Token); // the registry is left alone, too
        for (var i = 0; i < 200 && rig.Kept().Count > 0; i++) await Task.Delay(50, Token);
        Assert.Empty(rig.Kept());
    }

    [RootFact]
    public async Task A_token_that_expires_within_a_pull_is_fetched_anew_with_the_refresh_token()
    {
        await using var registry = await FakeRegistry.StartAsync();
        await using var rig = await ImageRig.StartAsync(InstanceName.OfCaller());
        registry.Add("app", "1", FakeRegistry.Layer("a", "x"));
        var (tokens, forms) = (0, new List<string>());
        registry.Before = async http =>
        {
            if (http.Request.Path == "/token")
            {
                using var reader = new StreamReader(http.Request.Body);
                forms.Add(await reader.ReadToEndAsync(http.RequestAborted));
                await http.Response.Body.WriteAsync(Encoding.UTF8.GetBytes($$"""{ "access_token": "t{{Interlocked.Increment(ref tokens)}}" }"""), http.RequestAborted);
                return true;
            }

            // Each token opens one door only.
            var wanted = http.Request.Path.Value!.Contains("/manifests/", StringComparison.Ordinal) ? "Bearer t1" : "Bearer t2";
            if (http.Request.Headers.Authorization == wanted) return false;
            http.Response.StatusCode = 401;
            http.Response.Headers.WWWAuthenticate = $"Bearer realm=\"http://{registry.Host}/token\",service=\"s\"";
            return true;
        };

        await rig.Cri.PullImageAsync(
            new Cri.PullImageRequest { Image = new Cri.ImageSpec { Image = $"{registry.Host}/app:1" }, Auth = new Cri.AuthConfig { IdentityToken = "refresh" } }, cancellationToken: Token);
        Assert.Equal(2, tokens);
        Assert.All(forms, f => Assert.Contains("grant_type=refresh_token&refresh_token=refresh", f, StringComparison.Ordinal));
    }

    private static void Play(FakeRegistry registry, string trick)
    {
        var (content, type) = registry.Manifests["app:1"];
        var manifest = Manifest.Parse(content, "manifest");
        void Serve(byte[] bytes, string mediaType) => registry.Manifests["app:1"] = (bytes, mediaType);
        switch (trick)
        {
            case "huge manifest":
                Serve([.. content, .. Enumerable.Repeat((byte)' ', 5 * 1024 * 1024)], type);
                break;
            case "indexes without end":
                var at = Index(content, type, Platform.Current);
                for (var depth = 0; depth < 6; depth++)
                {
                    registry.Manifests[$"app:{Digest.Compute(at)}"] = (at, MediaTypes.OciIndex);
                    at = Index(at, MediaTypes.OciIndex, Platform.Current);
                }

                Serve(at, MediaTypes.OciIndex);
                break;
            case "index of nobody":
                Serve(Index(content, type, Platform.Parse("solaris/sparc")), MediaTypes.OciIndex);
                break;
            case "another manifest":
                var index = Index(content, type, Platform.Current);
                registry.Manifests[$"app:{Digest.Compute(content)}"] = ([.. content, (byte)' '], type);
                Serve(index, MediaTypes.OciIndex);
                break;
            case "no json":
                Serve("{\"schemaVersion\":2,"u8.ToArray(), type);
                break;
            case "html":
                Serve("<html>log in first</html>"u8.ToArray(), "text/html");
                break;
            case "artifact":
                Serve((manifest with { Config = manifest.Config with { MediaType = "application/vnd.example.chart" } }).ToJson(), type);
                break;
            case "schema 1":
                Serve("{\"schemaVersion\":1}"u8.ToArray(), MediaTypes.DockerManifestSchema1Signed);
                break;
            case "negative size":
                Serve(Encoding.UTF8.GetBytes(Encoding.UTF8.GetString(content).Replace($"\"size\":{manifest.Layers[0].Size}", "\"size\":-1", StringComparison.Ordinal)), type);
                break;
            case "huge config":
                Serve((manifest with { Config = manifest.Config with { Size = 100_000_000 } }).ToJson(), type);
                break;
            case "too few layers":
                Serve((manifest with { Layers = [manifest.Layers[0]] }).ToJson(), type);
                break;
            case "redirects without end" or "redirect to a file":
                registry.Before = http =>
                {
                    if (!http.Request.Path.Value!.Contains("/blobs/", StringComparison.Ordinal)) return Task.FromResult(false);
                    http.Response.StatusCode = 307;
                    http.Response.Headers.Location = trick == "redirect to a file" ? "file:///etc/shadow" : http.Request.Path.Value;
                    return Task.FromResult(true);
                };
                break;
        }
    }

    private static byte[] Index(byte[] manifest, string type, Platform platform) => new ImageIndex
    {
        SchemaVersion = 2, MediaType = MediaTypes.OciIndex,
        Manifests = [new Descriptor { MediaType = type, Digest = Digest.Compute(manifest), Size = manifest.Length, Platform = platform }],
    }.ToJson();
}
