using System.Net;
using System.Text.Json;
using Suite.Oci.Images;
using Suite.Registry.Tests.Access;
using Suite.Registry.V1;
using Suite.Testing.Files;

namespace Suite.Registry.Tests.Searching;

public sealed class SearchTests
{
    private static async Task<(string[] Names, JsonElement Answer)> SearchAsync(RunningRegistry registry, string query)
    {
        using var response = await registry.SendAsync(HttpMethod.Get, "/v1/search?" + query);
        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
        using var json = JsonDocument.Parse(await response.BytesAsync());
        var answer = json.RootElement.Clone();
        return ([.. answer.GetProperty("results").EnumerateArray().Select(result => result.GetProperty("name").GetString()!)], answer);
    }

    [Fact]
    public async Task Docker_s_search_finds_by_name_the_closest_first_and_in_pages()
    {
        await using var registry = await RunningRegistry.StartAsync();
        foreach (var name in new[] { "tools/web", "web", "webshop", "other" })
            await registry.PushImageAsync(name, "1");
        var described = await registry.ManifestAsync("web", "new", """, "annotations": {"org.opencontainers.image.description": "Serves pages"}""");
        using (var put = await registry.SendAsync(HttpMethod.Put, "/v2/web/manifests/2", described, MediaTypes.OciManifest))
            Assert.Equal(HttpStatusCode.Created, put.StatusCode);

        var (names, answer) = await SearchAsync(registry, "q=WEB&n=25");
        Assert.Equal(["web", "webshop", "tools/web"], names);
        var first = answer.GetProperty("results")[0];
        Assert.Equal(("Serves pages", 2, false), (first.GetProperty("description").GetString(), first.GetProperty("tag_count").GetInt32(), first.GetProperty("is_official").GetBoolean()));
        Assert.Equal(["tools/web"], (await SearchAsync(registry, "q=web&n=2&page=2")).Names);
        Assert.Equal(["other", "tools/web", "web", "webshop"], (await SearchAsync(registry, "q=")).Names);
        Assert.Empty((await SearchAsync(registry, "q=%25")).Names);

        var found = await registry.Administration.SearchAsync(new SearchRequest { Query = "web", Limit = 2 }, cancellationToken: TestContext.Current.CancellationToken);
        Assert.Equal(["web", "webshop"], found.Repositories.Select(repository => repository.Name));
        using var ping = await registry.SendAsync(HttpMethod.Get, "/v1/_ping");
        Assert.Equal(HttpStatusCode.OK, ping.StatusCode);
        using var bad = await registry.SendAsync(HttpMethod.Get, "/v1/search?q=a&n=x");
        await bad.IsAsync(HttpStatusCode.BadRequest, "UNSUPPORTED");
    }

    [Fact]
    public async Task What_the_caller_may_not_pull_is_not_found()
    {
        using var folder = new TempFolder("registry");
        await using var registry = await RunningRegistry.StartAsync(
            "access:users=" + Users.File(folder, "ann", "bob"),
            "access:rules:0:repositories:0=**", "access:rules:0:who:0=ann", "access:rules:0:allow:0=*",
            "access:rules:1:repositories:0=open/*", "access:rules:1:who:0=*", "access:rules:1:allow:0=pull");
        registry.LogIn("ann");
        await registry.PushImageAsync("open/app", "1");
        await registry.PushImageAsync("secret/app", "1");
        Assert.Equal(["open/app", "secret/app"], (await SearchAsync(registry, "q=app")).Names);
        registry.LogIn("bob");
        Assert.Equal(["open/app"], (await SearchAsync(registry, "q=app")).Names);
        registry.Http.DefaultRequestHeaders.Authorization = null;
        using var nobody = await registry.SendAsync(HttpMethod.Get, "/v1/search?q=app");
        await nobody.IsAsync(HttpStatusCode.Unauthorized, "UNAUTHORIZED");
    }
}
