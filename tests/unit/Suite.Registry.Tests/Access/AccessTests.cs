using System.Net;
using System.Text.Json;
using Suite.Linux.Errors;
using Suite.Testing.Files;

namespace Suite.Registry.Tests.Access;

public sealed class AccessTests
{
    private static readonly string[] Rules =
    [
        "access:groups:team:0=ann", "access:groups:team:1=bob",
        "access:rules:0:repositories:0=team/**", "access:rules:0:who:0=@team", "access:rules:0:allow:0=pull", "access:rules:0:allow:1=push",
        "access:rules:1:repositories:0=team/**", "access:rules:1:who:0=ann", "access:rules:1:allow:0=delete",
        "access:rules:2:repositories:0=open/*", "access:rules:2:who:0=anonymous", "access:rules:2:allow:0=pull",
        "access:rules:3:repositories:0=open/*", "access:rules:3:who:0=*", "access:rules:3:allow:0=*",
    ];

    private static Task<RunningRegistry> StartAsync(TempFolder folder, params string[] more) =>
        RunningRegistry.StartAsync(["access:users=" + Users.File(folder, "ann", "bob", "cid"), .. Rules, .. more]);

    [Fact]
    public async Task Rules_give_users_and_groups_what_they_say_and_no_more()
    {
        using var folder = new TempFolder("registry");
        await using var registry = await StartAsync(folder);
        registry.LogIn("bob");
        var manifest = await registry.PushImageAsync("team/app", "1");
        Assert.NotEmpty(manifest);
        using (var delete = await registry.SendAsync(HttpMethod.Delete, "/v2/team/app/manifests/1"))
            await delete.IsAsync(HttpStatusCode.Forbidden, "DENIED");

        registry.LogIn("cid");
        using (var pull = await registry.SendAsync(HttpMethod.Get, "/v2/team/app/manifests/1"))
            await pull.IsAsync(HttpStatusCode.Forbidden, "DENIED");
        await registry.PushImageAsync("open/app", "1");
        using (var push = await registry.SendAsync(HttpMethod.Post, "/v2/elsewhere/blobs/uploads/"))
            await push.IsAsync(HttpStatusCode.Forbidden, "DENIED");

        registry.LogIn("ann");
        using (var delete = await registry.SendAsync(HttpMethod.Delete, "/v2/team/app/manifests/1"))
            Assert.Equal(HttpStatusCode.Accepted, delete.StatusCode);
    }

    [Fact]
    public async Task Somebody_without_a_name_pulls_what_is_open_and_is_asked_to_log_in_for_the_rest()
    {
        using var folder = new TempFolder("registry");
        await using var registry = await StartAsync(folder);
        registry.LogIn("ann");
        await registry.PushImageAsync("open/app", "1");
        await registry.PushImageAsync("team/app", "1");
        registry.Http.DefaultRequestHeaders.Authorization = null;

        using (var pull = await registry.SendAsync(HttpMethod.Get, "/v2/open/app/manifests/1"))
            Assert.Equal(HttpStatusCode.OK, pull.StatusCode);
        using (var closed = await registry.SendAsync(HttpMethod.Get, "/v2/team/app/manifests/1"))
        {
            await closed.IsAsync(HttpStatusCode.Unauthorized, "UNAUTHORIZED");
            Assert.Equal(
                $"Bearer realm=\"{registry.AddressOf("/auth/token")}\",service=\"suite-registry\",scope=\"repository:team/app:pull\"", closed.Header("WWW-Authenticate"));
        }

        using (var push = await registry.SendAsync(HttpMethod.Post, "/v2/open/app/blobs/uploads/"))
            await push.IsAsync(HttpStatusCode.Unauthorized, "UNAUTHORIZED");
        using (var ping = await registry.SendAsync(HttpMethod.Get, "/v2/"))
            await ping.IsAsync(HttpStatusCode.Unauthorized, "UNAUTHORIZED");
    }

    [Fact]
    public async Task The_catalog_and_mounts_show_only_what_the_caller_may_pull()
    {
        using var folder = new TempFolder("registry");
        await using var registry = await StartAsync(folder);
        registry.LogIn("ann");
        await registry.PushImageAsync("open/app", "1", "public layer");
        await registry.PushImageAsync("team/app", "1", "secret layer");
        using (var catalog = await registry.SendAsync(HttpMethod.Get, "/v2/_catalog"))
            Assert.Equal(["open/app", "team/app"], await catalog.StringsAsync("repositories"));

        registry.LogIn("cid");
        using (var catalog = await registry.SendAsync(HttpMethod.Get, "/v2/_catalog"))
            Assert.Equal(["open/app"], await catalog.StringsAsync("repositories"));
        var secret = Suite.Oci.References.Digest.Compute("secret layer"u8);
        var known = Suite.Oci.References.Digest.Compute("public layer"u8);
        foreach (var (digest, from, expected) in new[]
        {
            (secret, "&from=team/app", HttpStatusCode.Accepted), (secret, "", HttpStatusCode.Accepted), (known, "", HttpStatusCode.Created), (known, "&from=open/app", HttpStatusCode.Created),
        })
        {
            using var mount = await registry.SendAsync(HttpMethod.Post, $"/v2/open/other/blobs/uploads/?mount={digest}{from}");
            Assert.Equal(expected, mount.StatusCode);
        }
    }

    [Fact]
    public async Task Wrong_passwords_are_refused_and_after_many_not_even_looked_at()
    {
        using var folder = new TempFolder("registry");
        await using var registry = await StartAsync(folder, "access:tokens=false", "limits:failedLoginsPerMinute=3");
        for (var i = 0; i < 3; i++)
        {
            using var wrong = await registry.SendAsync(HttpMethod.Get, "/v2/", headers: Users.Basic(i == 0 ? "nobody" : "ann", "guess"));
            await wrong.IsAsync(HttpStatusCode.Unauthorized, "UNAUTHORIZED");
            Assert.StartsWith("Basic realm=", wrong.Header("WWW-Authenticate"), StringComparison.Ordinal);
        }

        using var held = await registry.SendAsync(HttpMethod.Get, "/v2/", headers: Users.Basic("ann"));
        await held.IsAsync(HttpStatusCode.TooManyRequests, "TOOMANYREQUESTS");
        Assert.InRange(int.Parse(held.Header("Retry-After"), System.Globalization.CultureInfo.InvariantCulture), 1, 20);
    }

    [Fact]
    public async Task A_user_who_is_taken_out_of_the_file_is_refused_at_once()
    {
        using var folder = new TempFolder("registry");
        await using var registry = await StartAsync(folder);
        using (var before = await registry.SendAsync(HttpMethod.Get, "/v2/", headers: Users.Basic("cid")))
            Assert.Equal(HttpStatusCode.OK, before.StatusCode);
        Users.File(folder, "ann");
        using var after = await registry.SendAsync(HttpMethod.Get, "/v2/", headers: Users.Basic("cid"));
        await after.IsAsync(HttpStatusCode.Unauthorized, "UNAUTHORIZED");
    }

    [Theory]
    [InlineData("Basic !!!")]
    [InlineData("Basic YW5u")]
    [InlineData("Bearer x.y.z")]
    [InlineData("Bearer ")]
    public async Task What_is_no_login_is_refused_and_never_taken_for_nobody(string header)
    {
        using var folder = new TempFolder("registry");
        await using var registry = await StartAsync(folder);
        using var response = await registry.SendAsync(HttpMethod.Get, "/v2/open/app/tags/list", headers: ("Authorization", header));
        await response.IsAsync(HttpStatusCode.Unauthorized, "UNAUTHORIZED");
    }

    [Theory]
    [InlineData("ann:secret\n", "line 1 is not NAME:HASH with a bcrypt hash")]
    [InlineData("# users\n\nann:{SHA}W6ph5Mm5Pz8GgiULbPgzG37mj9g=\n", "line 3 is not NAME:HASH")]
    public async Task A_password_file_with_anything_but_bcrypt_keeps_the_registry_from_starting(string content, string reason)
    {
        using var folder = new TempFolder("registry");
        var error = await Assert.ThrowsAsync<SuiteException>(() => RunningRegistry.StartAsync("access:users=" + folder.File("users", content)));
        Assert.Contains(reason, error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Rules_that_nobody_could_use_keep_the_registry_from_starting()
    {
        var nobody = await Assert.ThrowsAsync<SuiteException>(() => RunningRegistry.StartAsync(Rules));
        Assert.Contains("set access.users", nobody.Message, StringComparison.Ordinal);
        using var folder = new TempFolder("registry");
        var word = await Assert.ThrowsAsync<SuiteException>(() => StartAsync(folder, "access:rules:0:allow:2=write"));
        Assert.Contains("'write'", word.Message, StringComparison.Ordinal);
    }
}
