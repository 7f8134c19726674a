using System.Net;
using System.Text;
using Suite.Oci.Images;
using Suite.Oci.References;
using Suite.Registry.Tests.Access;
using Suite.Testing.Files;

namespace Suite.Registry.Tests.Upstreams;

/// <summary>A registry that keeps copies of another one, which is ours as well.</summary>
public sealed class CacheTests
{
    private static string[] Of(RunningRegistry origin, int number = 0, string prefix = "origin.example") =>
        [$"upstreams:{number}:prefix={prefix}", $"upstreams:{number}:url={origin.AddressOf("/")}"];

    private static async Task<byte[]> GetAsync(RunningRegistry registry, string path)
    {
        using var response = await registry.SendAsync(HttpMethod.Get, path);
        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
        return await response.BytesAsync();
    }

    [Fact]
    public async Task What_was_pulled_once_is_there_when_the_upstream_is_not()
    {
        var origin = await RunningRegistry.StartAsync();
        var manifest = await origin.PushImageAsync("team/app", "1");
        var layer = Digest.Compute("layer"u8);
        await using var cache = await RunningRegistry.StartAsync(Of(origin));
        using (var head = await cache.SendAsync(HttpMethod.Head, $"/v2/origin.example/team/app/blobs/{layer}"))
            Assert.Equal((HttpStatusCode.OK, 5L), (head.StatusCode, head.Content.Headers.ContentLength));
        Assert.Equal(manifest, await GetAsync(cache, "/v2/origin.example/team/app/manifests/1"));
        Assert.Equal("layer"u8.ToArray(), await GetAsync(cache, $"/v2/origin.example/team/app/blobs/{layer}"));
        using (var range = await cache.SendAsync(HttpMethod.Get, $"/v2/origin.example/team/app/blobs/{layer}", headers: ("Range", "bytes=1-2")))
            Assert.Equal("ay", Encoding.UTF8.GetString(await range.BytesAsync()));
        Assert.Equal(["1"], await (await cache.SendAsync(HttpMethod.Get, "/v2/origin.example/team/app/tags/list")).StringsAsync("tags"));

        await origin.DisposeAsync();
        Assert.Equal(manifest, await GetAsync(cache, $"/v2/origin.example/team/app/manifests/{Digest.Compute(manifest)}"));
        Assert.Equal(manifest, await GetAsync(cache, "/v2/origin.example/team/app/manifests/1"));
        Assert.Equal("layer"u8.ToArray(), await GetAsync(cache, $"/v2/origin.example/team/app/blobs/{layer}"));
        Assert.Equal(["1"], await (await cache.SendAsync(HttpMethod.Get, "/v2/origin.example/team/app/tags/list")).StringsAsync("tags"));
        using var absent = await cache.SendAsync(HttpMethod.Get, "/v2/origin.example/team/app/manifests/2");
        Assert.Equal(HttpStatusCode.ServiceUnavailable, absent.StatusCode);
    }

    [Fact]
    public async Task A_tag_is_asked_about_again_when_it_is_no_longer_fresh_and_an_old_copy_says_so()
    {
        var time = new SteppedTime();
        var origin = await RunningRegistry.StartAsync();
        var first = await origin.PushImageAsync("app", "1", "one");
        await using var cache = await RunningRegistry.StartAsync(time, Of(origin));
        Assert.Equal(first, await GetAsync(cache, "/v2/origin.example/app/manifests/1"));
        var second = await origin.PushImageAsync("app", "1", "two");
        Assert.Equal(first, await GetAsync(cache, "/v2/origin.example/app/manifests/1"));
        time.Advance(TimeSpan.FromMinutes(6));
        Assert.Equal(second, await GetAsync(cache, "/v2/origin.example/app/manifests/1"));
        time.Advance(TimeSpan.FromMinutes(6));
        await origin.DisposeAsync();
        using var old = await cache.SendAsync(HttpMethod.Get, "/v2/origin.example/app/manifests/1");
        Assert.Equal(second, await old.BytesAsync());
        Assert.StartsWith("299 - \"the copy may be old: cannot reach the upstream origin.example", old.Header("Warning"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Several_upstreams_are_told_apart_by_prefix_and_by_namespace_and_take_no_pushes()
    {
        await using var one = await RunningRegistry.StartAsync();
        await using var two = await RunningRegistry.StartAsync();
        var first = await one.PushImageAsync("app", "1", "one");
        var second = await two.PushImageAsync("app", "1", "two");
        await using var cache = await RunningRegistry.StartAsync([.. Of(one, 0, "one.example"), .. Of(two, 1, "two.example"), "upstreams:1:namespace=two.example:5000"]);
        Assert.Equal(first, await GetAsync(cache, "/v2/one.example/app/manifests/1"));
        using (var mirrored = await cache.SendAsync(HttpMethod.Get, "/v2/app/manifests/1?ns=two.example:5000"))
        {
            Assert.Equal(second, await mirrored.BytesAsync());
            Assert.Equal("two.example:5000", mirrored.Header("OCI-Namespace"));
        }

        using (var unknown = await cache.SendAsync(HttpMethod.Get, "/v2/app/manifests/1?ns=three.example"))
            await unknown.IsAsync(HttpStatusCode.NotFound, "NAME_UNKNOWN");
        using (var push = await cache.SendAsync(HttpMethod.Post, "/v2/one.example/app/blobs/uploads/"))
            await push.IsAsync(HttpStatusCode.MethodNotAllowed, "UNSUPPORTED");
        var own = await cache.PushImageAsync("one.example.not/app", "1", "own");
        Assert.Equal(own, await GetAsync(cache, "/v2/one.example.not/app/manifests/1"));
    }

    [Theory]
    [InlineData("access:tokens=true")]
    [InlineData("access:tokens=false")]
    public async Task The_cache_logs_in_to_its_upstream(string setting)
    {
        using var folder = new TempFolder("registry");
        await using var origin = await RunningRegistry.StartAsync("access:users=" + Users.File(folder, "ann"), setting);
        origin.LogIn("ann");
        var manifest = await origin.PushImageAsync("app", "1");
        await using var cache = await RunningRegistry.StartAsync([.. Of(origin), "upstreams:0:user=ann", "upstreams:0:passwordFile=" + folder.File("password", "ann.\n")]);
        Assert.Equal(manifest, await GetAsync(cache, "/v2/origin.example/app/manifests/1"));
        Assert.Equal("layer"u8.ToArray(), await GetAsync(cache, $"/v2/origin.example/app/blobs/{Digest.Compute("layer"u8)}"));
        await using var nobody = await RunningRegistry.StartAsync(Of(origin));
        using var refused = await nobody.SendAsync(HttpMethod.Get, "/v2/origin.example/app/manifests/1");
        await refused.IsAsync(HttpStatusCode.NotFound, "MANIFEST_UNKNOWN");
    }

    [Fact]
    public async Task Referrers_of_an_upstream_are_found_through_the_cache()
    {
        await using var origin = await RunningRegistry.StartAsync();
        var subject = await origin.PushImageAsync("app", "1");
        var signature = await origin.ManifestAsync("app", "signature", $$""","artifactType":"application/x.sig","subject":{"mediaType":"{{MediaTypes.OciManifest}}","digest":"{{Digest.Compute(subject)}}","size":{{subject.Length}}}""");
        using (var put = await origin.SendAsync(HttpMethod.Put, "/v2/app/manifests/sig", signature, MediaTypes.OciManifest))
            Assert.Equal(HttpStatusCode.Created, put.StatusCode);
        await using var cache = await RunningRegistry.StartAsync(Of(origin));
        using var found = await cache.SendAsync(HttpMethod.Get, $"/v2/origin.example/app/referrers/{Digest.Compute(subject)}?artifactType=application/x.sig");
        Assert.Equal("artifactType", found.Header("OCI-Filters-Applied"));
        Assert.Contains(Digest.Compute(signature).ToString(), Encoding.UTF8.GetString(await found.BytesAsync()), StringComparison.Ordinal);
    }
}
