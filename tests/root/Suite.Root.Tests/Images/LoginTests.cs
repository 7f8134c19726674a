using System.Text;
using Grpc.Core;
using Microsoft.AspNetCore.Http;
using Suite.Testing.Requirements;
using Suite.Testing.Services;
using Cri = Runtime.V1;

namespace Suite.Root.Tests.Images;

public sealed class LoginTests
{
    private const string Basic = "Basic dXNlcjpzZWNyZXQ="; // user:secret

    [RootFact]
    public async Task A_password_is_sent_when_it_is_asked_for_and_not_before()
    {
        await using var registry = await FakeRegistry.StartAsync();
        await using var rig = await ImageRig.StartAsync(InstanceName.OfCaller());
        registry.Add("app", "1", FakeRegistry.Layer("a", "x"));
        var seen = new List<string>();
        registry.Before = http =>
        {
            seen.Add(http.Request.Headers.Authorization.ToString());
            if (seen[^1] == Basic) return Task.FromResult(false);
            http.Response.StatusCode = 401;
            http.Response.Headers.WWWAuthenticate = "Basic realm=\"r\"";
            return Task.FromResult(true);
        };

        Assert.Equal(StatusCode.Unauthenticated, (await rig.PullFailsAsync($"{registry.Host}/app:1")).StatusCode);
        Assert.Equal([""], seen);
        await PullAsync(rig, $"{registry.Host}/app:1", new Cri.AuthConfig { Auth = Convert.ToBase64String("user:secret"u8) });
        Assert.Equal(["", "", Basic, Basic, Basic], seen);
        Assert.Equal(StatusCode.Unauthenticated, (await Assert.ThrowsAsync<RpcException>(
            () => PullAsync(rig, $"{registry.Host}/app:1", new Cri.AuthConfig { Username = "user", Password = "secret", ServerAddress = "other.example" }))).StatusCode);
    }

    [RootFact]
    public async Task A_token_is_fetched_from_the_realm_for_the_repository()
    {
        await using var registry = await FakeRegistry.StartAsync();
        await using var rig = await ImageRig.StartAsync(InstanceName.OfCaller());
        registry.Add("app", "1", FakeRegistry.Layer("a", "x"));
        var asked = "";
        registry.Before = async http =>
        {
            if (http.Request.Path == "/token")
            {
                asked = $"{http.Request.QueryString} {http.Request.Headers.Authorization}";
                await http.Response.Body.WriteAsync(Encoding.UTF8.GetBytes("""{ "token": "t1", "expires_in": 60 }"""), http.RequestAborted);
                return true;
            }

            if (http.Request.Headers.Authorization == "Bearer t1") return false;
            http.Response.StatusCode = 401;
            http.Response.Headers.WWWAuthenticate = $"Bearer realm=\"http://{registry.Host}/token\",service=\"s\",scope=\"repository:app:pull\"";
            return true;
        };

        await PullAsync(rig, $"{registry.Host}/app:1", new Cri.AuthConfig { Username = "user", Password = "secret" });
        Assert.Equal($"?service=s&scope=repository%3Aapp%3Apull {Basic}", asked);
    }

    [RootFact]
    public async Task A_redirect_to_another_host_does_not_get_the_password()
    {
        await using var registry = await FakeRegistry.StartAsync();
        await using var storage = await FakeRegistry.StartAsync();
        await using var rig = await ImageRig.StartAsync(InstanceName.OfCaller());
        registry.Add("app", "1", FakeRegistry.Layer("a", "x"));
        var leaked = new List<string>();
        storage.Before = async http =>
        {
            leaked.Add(http.Request.Headers.Authorization.ToString());
            await http.Response.Body.WriteAsync(registry.Blobs[http.Request.Path.Value!.Split('/')[^1]], http.RequestAborted);
            return true;
        };
        registry.Before = http =>
        {
            if (http.Request.Headers.Authorization != Basic)
            {
                http.Response.StatusCode = 401;
                http.Response.Headers.WWWAuthenticate = "Basic realm=\"r\"";
                return Task.FromResult(true);
            }

            if (!http.Request.Path.Value!.Contains("/blobs/", StringComparison.Ordinal)) return Task.FromResult(false);
            http.Response.Redirect($"http://{storage.Host}/x/{http.Request.Path.Value.Split('/')[^1]}");
            return Task.FromResult(true);
        };

        await PullAsync(rig, $"{registry.Host}/app:1", new Cri.AuthConfig { Username = "user", Password = "secret" });
        Assert.Equal(["", ""], leaked);
    }

    private static async Task PullAsync(ImageRig rig, string image, Cri.AuthConfig auth) => await rig.Cri.PullImageAsync(
        new Cri.PullImageRequest { Image = new Cri.ImageSpec { Image = image }, Auth = auth }, cancellationToken: TestContext.Current.CancellationToken);
}
