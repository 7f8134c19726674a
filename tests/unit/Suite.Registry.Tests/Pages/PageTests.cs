using System.Net;
using System.Text.Json;
using System.Text.RegularExpressions;
using Suite.Registry.Pages;
using Suite.Registry.Tests.Access;
using Suite.Testing.Files;

namespace Suite.Registry.Tests.Pages;

public sealed partial class PageTests
{
    [Fact]
    public async Task Every_file_that_the_page_names_is_served_under_a_policy_that_lets_nothing_else_run()
    {
        await using var registry = await RunningRegistry.StartAsync();
        using var start = await registry.SendAsync(HttpMethod.Get, "/");
        var html = await start.Content.ReadAsStringAsync(TestContext.Current.CancellationToken);
        Assert.Contains("script-src 'self'", start.Header("Content-Security-Policy"), StringComparison.Ordinal);
        Assert.DoesNotMatch(@"<script>|style=|onclick=", html);
        var named = File().Matches(html).Select(match => match.Value)
            .Concat(new PageAssets().Names.Where(name => name != "index.html").Select(name => "/ui/" + name)).Distinct().ToList();
        Assert.True(named.Count > 8);
        foreach (var path in named)
        {
            using var file = await registry.SendAsync(HttpMethod.Get, path);
            Assert.Equal(HttpStatusCode.OK, file.StatusCode);
            using var again = await registry.SendAsync(HttpMethod.Get, path, headers: ("If-None-Match", file.Header("ETag")));
            Assert.Equal(HttpStatusCode.NotModified, again.StatusCode);
        }

        foreach (var path in new[] { "/ui/none.js", "/ui/..%2fregistry.db", "/ui/%2e%2e/registry.db" })
        {
            using var absent = await registry.SendAsync(HttpMethod.Get, path);
            Assert.Equal(HttpStatusCode.NotFound, absent.StatusCode);
        }
    }

    [Fact]
    public async Task Tags_come_with_the_size_of_all_that_they_lead_to_and_only_to_those_who_may_pull()
    {
        using var folder = new TempFolder("registry");
        await using var registry = await RunningRegistry.StartAsync("access:users=" + Users.File(folder, "ann"));
        registry.LogIn("ann");
        var manifest = await registry.PushImageAsync("app", "1", "layer of 17 bytes");
        using (var response = await registry.SendAsync(HttpMethod.Get, "/ui/tags?repository=app"))
        using (var json = JsonDocument.Parse(await response.BytesAsync()))
        {
            var tag = json.RootElement.GetProperty("tags")[0];
            Assert.Equal(("1", manifest.Length + 17 + 2, 0), (tag.GetProperty("name").GetString(), tag.GetProperty("total_size").GetInt32(), tag.GetProperty("platforms").GetInt32()));
        }

        using (var absent = await registry.SendAsync(HttpMethod.Get, "/ui/tags?repository=none"))
            await absent.IsAsync(HttpStatusCode.NotFound, "NAME_UNKNOWN");
        using (var bad = await registry.SendAsync(HttpMethod.Get, "/ui/tags?repository=../x"))
            await bad.IsAsync(HttpStatusCode.BadRequest, "NAME_INVALID");
        registry.Http.DefaultRequestHeaders.Authorization = null;
        using (var nobody = await registry.SendAsync(HttpMethod.Get, "/ui/tags?repository=app"))
            await nobody.IsAsync(HttpStatusCode.Unauthorized, "UNAUTHORIZED");
        using var health = await registry.SendAsync(HttpMethod.Get, "/healthz");
        Assert.Equal(HttpStatusCode.OK, health.StatusCode);
    }

    [Fact]
    public async Task Without_the_page_there_is_none()
    {
        await using var registry = await RunningRegistry.StartAsync("webPage=false");
        using var start = await registry.SendAsync(HttpMethod.Get, "/");
        Assert.Equal(HttpStatusCode.NotFound, start.StatusCode);
    }

    [GeneratedRegex("""(?<=")/ui/[^"]+""")]
    private static partial Regex File();
}
