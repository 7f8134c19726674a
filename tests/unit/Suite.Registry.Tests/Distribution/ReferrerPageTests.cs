using System.Net;
using System.Text.Json;
using Suite.Oci.Images;
using Suite.Oci.References;

namespace Suite.Registry.Tests.Distribution;

public sealed class ReferrerPageTests
{
    [Fact]
    public async Task Referrers_that_do_not_fit_are_on_the_next_page_and_the_filter_goes_along()
    {
        await using var registry = await RunningRegistry.StartAsync();
        var subject = await registry.PushImageAsync("app", "1");
        var pushed = new SortedSet<string>(StringComparer.Ordinal);
        foreach (var i in Enumerable.Range(0, 4))
        {
            var manifest = await registry.ManifestAsync("app", "layer", $$"""
                ,"artifactType":"application/x.sig+json","subject":{"mediaType":"{{MediaTypes.OciManifest}}","digest":"{{Digest.Compute(subject)}}","size":{{subject.Length}}},
                "annotations":{"number":"{{i}}","text":"{{new string('a', 1 << 20)}}"}
                """);
            using var put = await registry.SendAsync(HttpMethod.Put, $"/v2/app/manifests/{Digest.Compute(manifest)}", manifest, MediaTypes.OciManifest);
            Assert.Equal(HttpStatusCode.Created, put.StatusCode);
            pushed.Add(Digest.Compute(manifest).ToString());
        }

        var listed = new List<string>();
        var pages = 0;
        for (var path = $"/v2/app/referrers/{Digest.Compute(subject)}?artifactType=application/x.sig%2Bjson"; path is not null; pages++)
        {
            using var page = await registry.SendAsync(HttpMethod.Get, path);
            Assert.Equal("artifactType", page.Header("OCI-Filters-Applied"));
            var content = await page.BytesAsync();
            Assert.True(content.Length <= 4 << 20);
            using var json = JsonDocument.Parse(content);
            listed.AddRange(json.RootElement.GetProperty("manifests").EnumerateArray().Select(entry => entry.GetProperty("digest").GetString()!));
            path = page.Header("Link") is { Length: > 0 } link ? link[1..link.IndexOf('>', StringComparison.Ordinal)] : null;
        }

        Assert.Equal(pushed, listed);
        Assert.Equal(2, pages);
    }
}
