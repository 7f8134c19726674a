using System.Net;
using System.Text.Json;
using Suite.Registry.Access;
using Suite.Registry.Tests.Access;
using Suite.Registry.Tokens;
using Suite.Testing.Files;

namespace Suite.Registry.Tests.Tokens;

public sealed class TokenTests
{
    private static Task<RunningRegistry> StartAsync(TempFolder folder) => RunningRegistry.StartAsync(
        "access:users=" + Users.File(folder, "ann", "bob"),
        "access:rules:0:repositories:0=**", "access:rules:0:who:0=ann", "access:rules:0:allow:0=*",
        "access:rules:1:repositories:0=**", "access:rules:1:who:0=anonymous", "access:rules:1:allow:0=pull");

    private static async Task<JsonElement> TokenAsync(HttpResponseMessage response)
    {
        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
        using var json = JsonDocument.Parse(await response.BytesAsync());
        return json.RootElement.Clone();
    }

    [Fact]
    public async Task A_token_carries_what_was_asked_for_and_the_rules_give()
    {
        using var folder = new TempFolder("registry");
        await using var registry = await StartAsync(folder);
        using var asked = await registry.SendAsync(
            HttpMethod.Get, "/auth/token?service=suite-registry&scope=repository:app:pull,push&scope=repository:other:pull%20registry:catalog:*", headers: Users.Basic("ann"));
        var answer = await TokenAsync(asked);
        Assert.Equal("repository:app:pull,push repository:other:pull", answer.GetProperty("scope").GetString());
        Assert.Equal(300, answer.GetProperty("expires_in").GetInt64());
        Assert.Equal(answer.GetProperty("token").GetString(), answer.GetProperty("access_token").GetString());
        var bearer = Users.Bearer(answer.GetProperty("token").GetString()!);

        using (var ping = await registry.SendAsync(HttpMethod.Get, "/v2/", headers: bearer))
            Assert.Equal(HttpStatusCode.OK, ping.StatusCode);
        using (var push = await registry.SendAsync(HttpMethod.Post, "/v2/app/blobs/uploads/", headers: bearer))
            Assert.Equal(HttpStatusCode.Accepted, push.StatusCode);
        // Ann may, this token may not: another one would help.
        using (var more = await registry.SendAsync(HttpMethod.Post, "/v2/other/blobs/uploads/", headers: bearer))
        {
            await more.IsAsync(HttpStatusCode.Unauthorized, "UNAUTHORIZED");
            Assert.EndsWith("scope=\"repository:other:push\",error=\"insufficient_scope\"", more.Header("WWW-Authenticate"), StringComparison.Ordinal);
        }

        using var again = await registry.SendAsync(HttpMethod.Get, "/auth/token?scope=repository:app:push", headers: bearer);
        await again.IsAsync(HttpStatusCode.Unauthorized, "UNAUTHORIZED");
    }

    [Fact]
    public async Task Nobody_by_name_gets_a_token_for_what_is_open()
    {
        using var folder = new TempFolder("registry");
        await using var registry = await StartAsync(folder);
        using var asked = await registry.SendAsync(HttpMethod.Get, "/auth/token?scope=repository:app:pull,push");
        var answer = await TokenAsync(asked);
        Assert.Equal("repository:app:pull", answer.GetProperty("scope").GetString());
        using var ping = await registry.SendAsync(HttpMethod.Get, "/v2/", headers: Users.Bearer(answer.GetProperty("token").GetString()!));
        Assert.Equal(HttpStatusCode.OK, ping.StatusCode);
    }

    [Fact]
    public async Task The_password_grant_of_OAuth_2_works_and_no_other_does()
    {
        using var folder = new TempFolder("registry");
        await using var registry = await StartAsync(folder);
        const string Form = "application/x-www-form-urlencoded";
        using (var asked = await registry.SendAsync(
            HttpMethod.Post, "/auth/token", "grant_type=password&username=ann&password=ann.&service=suite-registry&scope=repository%3Aapp%3Apush"u8.ToArray(), Form))
        {
            Assert.Equal("repository:app:push", (await TokenAsync(asked)).GetProperty("scope").GetString());
        }

        using (var wrong = await registry.SendAsync(HttpMethod.Post, "/auth/token", "grant_type=password&username=ann&password=guess"u8.ToArray(), Form))
            await wrong.IsAsync(HttpStatusCode.Unauthorized, "UNAUTHORIZED");
        using var refresh = await registry.SendAsync(HttpMethod.Post, "/auth/token", "grant_type=refresh_token&refresh_token=x"u8.ToArray(), Form);
        Assert.Equal(HttpStatusCode.BadRequest, refresh.StatusCode);
    }

    [Fact]
    public async Task Tokens_outlive_a_restart_and_not_their_time_nor_a_change()
    {
        using var folder = new TempFolder("registry");
        var time = new SteppedTime();
        var path = Path.Combine(folder.FullName, "token.key");
        var options = new AccessOptions();
        var caller = new Caller("ann", ["team"]);
        var token = new TokenIssuer(new TokenKey(path), options, time).Issue(caller, [new Scope("app", Permissions.Pull)]).Token;
        Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(path));

        var later = new TokenIssuer(new TokenKey(path), options, time);
        var read = later.Read(token)!;
        Assert.Equal(("ann", "team", Permissions.Pull), (read.User, read.Groups.Single(), read.Grants!["app"]));
        for (var i = 0; i < token.Length; i += 7)
        {
            var changed = token[i] == 'A' ? 'B' : 'A';
            Assert.Null(later.Read(token[..i] + changed + token[(i + 1)..]));
        }

        Assert.Null(new TokenIssuer(new TokenKey(path + "2"), options, time).Read(token));
        time.Advance(options.TokenLifetime);
        Assert.Null(later.Read(token));
    }

    [Theory]
    [InlineData("repository:app:pull", "app", "pull")]
    [InlineData("repository:a/b:push,pull,fly", "a/b", "pull,push")]
    [InlineData("repository:app:*", "app", "pull,push,delete")]
    public void Scopes_are_read(string text, string repository, string actions)
    {
        Assert.True(Scope.TryParse(text, out var scope));
        Assert.Equal((repository, actions), (scope.Repository, string.Join(',', scope.Permissions.Words())));
    }

    [Theory]
    [InlineData("registry:catalog:*")]
    [InlineData("repository:app")]
    [InlineData("repository:../x:pull")]
    [InlineData("")]
    public void What_is_no_scope_of_a_repository_is_left_out(string text) => Assert.False(Scope.TryParse(text, out _));
}
