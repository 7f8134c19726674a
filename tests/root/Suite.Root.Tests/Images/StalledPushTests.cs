using System.Diagnostics;
using Grpc.Core;
using Microsoft.AspNetCore.Http;
using Suite.Graph.V1;
using Suite.Image.Graph.Tar;
using Suite.Testing.Requirements;
using Suite.Testing.Services;

namespace Suite.Root.Tests.Images;

/// <summary>Pushes to a registry that stops, or is slow.</summary>
public sealed class StalledPushTests
{
    // More than the buffers of the sockets and of the registry's server take.
    private const int LayerBytes = 24_000_000;

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [RootTheory]
    [InlineData("the first question", "HEAD", "/blobs/", "blob")]
    [InlineData("the begin of an upload", "POST", "/uploads/", "blob")]
    [InlineData("what is uploaded", "PUT", "/uploads/", "blob")]
    [InlineData("the end of an upload", "PUT", "/uploads/", "blob")]
    [InlineData("the manifest", "PUT", "/manifests/", "manifest")]
    public async Task A_push_is_given_up_when_the_registry_stops_at(string step, string method, string path, string says)
    {
        await using var registry = await FakeRegistry.StartAsync();
        await using var rig = await ImageRig.StartAsync(InstanceName.OfCaller(), """{ "progressTimeout": 1 }""");
        await PullAsync(rig, registry);
        var left = new TaskCompletionSource();
        registry.Before = async http =>
        {
            if (http.Request.Method != method || !http.Request.Path.Value!.Contains(path, StringComparison.Ordinal)) return false;
            if (step == "the end of an upload") await http.Request.Body.CopyToAsync(Stream.Null, http.RequestAborted);
            // Who does not read does not see either that nobody is there any more.
            if (step == "what is uploaded")
            {
                await Task.Delay(3000, Token);
                await Assert.ThrowsAnyAsync<IOException>(() => http.Request.Body.CopyToAsync(Stream.Null, Token));
                left.TrySetResult();
            }

            await Task.Delay(Timeout.Infinite, http.RequestAborted).ContinueWith(_ => left.TrySetResult(), TaskScheduler.Default);
            return true;
        };

        var error = await Assert.ThrowsAsync<RpcException>(() => PushAsync(rig, registry)).WaitAsync(TimeSpan.FromSeconds(30), Token);
        Assert.Equal(StatusCode.Unavailable, error.StatusCode);
        Assert.Contains($"The registry {registry.Host} took nothing of {says} ", error.Status.Detail, StringComparison.Ordinal);
        Assert.Contains("for 1 seconds, and answered nothing: try again", error.Status.Detail, StringComparison.Ordinal);
        await left.Task.WaitAsync(TimeSpan.FromSeconds(20), Token); // the registry is left alone, too

        // The image is as it was, and the next push goes through.
        registry.Before = _ => Task.FromResult(false);
        await PushAsync(rig, registry);
        Assert.True(registry.Manifests.ContainsKey("other:1"));
    }

    [RootFact]
    public async Task A_push_to_a_registry_that_is_slow_and_never_silent_takes_as_long_as_it_takes()
    {
        await using var registry = await FakeRegistry.StartAsync();
        await using var rig = await ImageRig.StartAsync(InstanceName.OfCaller(), """{ "progressTimeout": 1 }""");
        await PullAsync(rig, registry);
        registry.Before = async http =>
        {
            if (http.Request.Method != "PUT" || !http.Request.Path.Value!.Contains("/uploads/", StringComparison.Ordinal)) return false;
            var piece = new byte[LayerBytes / 12];
            while (await http.Request.Body.ReadAtLeastAsync(piece, piece.Length, throwOnEndOfStream: false, http.RequestAborted) == piece.Length)
                await Task.Delay(250, http.RequestAborted);
            http.Response.StatusCode = 201;
            return true;
        };

        var began = Stopwatch.GetTimestamp();
        await PushAsync(rig, registry);
        Assert.True(Stopwatch.GetElapsedTime(began) > TimeSpan.FromSeconds(2));
    }

    [RootFact]
    public async Task A_refusal_whose_reason_never_comes_is_told_without_it()
    {
        await using var registry = await FakeRegistry.StartAsync();
        await using var rig = await ImageRig.StartAsync(InstanceName.OfCaller(), """{ "progressTimeout": 1 }""");
        await PullAsync(rig, registry);
        registry.Before = async http =>
        {
            if (http.Request.Method != "POST") return false;
            http.Response.StatusCode = 403;
            http.Response.ContentLength = 100;
            await http.Response.Body.WriteAsync("{"u8.ToArray(), http.RequestAborted);
            await http.Response.Body.FlushAsync(http.RequestAborted);
            await Task.Delay(Timeout.Infinite, http.RequestAborted).ContinueWith(_ => { }, TaskScheduler.Default);
            return true;
        };

        var error = await Assert.ThrowsAsync<RpcException>(() => PushAsync(rig, registry)).WaitAsync(TimeSpan.FromSeconds(30), Token);
        Assert.Equal(StatusCode.PermissionDenied, error.StatusCode);
        Assert.Contains("denies access", error.Status.Detail, StringComparison.Ordinal);
    }

    /// <summary>An image that the registry then knows nothing of.</summary>
    private static async Task PullAsync(ImageRig rig, FakeRegistry registry)
    {
        var noise = new byte[LayerBytes];
        new Random(1).NextBytes(noise);
        registry.Add("app", "1", FakeRegistry.Layer((new TarEntry { Name = "a"u8.ToArray(), Mode = 0x1A4 }, noise)));
        await rig.PullAsync($"{registry.Host}/app:1");
        await rig.Images.TagAsync(new TagRequest { Source = $"{registry.Host}/app:1", Target = $"{registry.Host}/other:1" }, cancellationToken: Token);
        registry.Blobs.Clear();
    }

    private static async Task PushAsync(ImageRig rig, FakeRegistry registry)
    {
        using var push = rig.Images.Push(new PushRequest { Reference = $"{registry.Host}/other:1" }, cancellationToken: Token);
        while (await push.ResponseStream.MoveNext(Token)) { }
    }
}
