using System.Net;
using System.Net.Http.Headers;
using Suite.Image.Registries;
using Suite.Linux.Errors;

namespace Suite.Image.Tests.Registries;

public sealed class AuthorizerTests
{
    private static readonly Uri Registry = new("https://registry.example/");

    [Fact]
    public async Task A_token_is_taken_from_the_realm()
    {
        using var http = new HttpClient(new TokenServer("""{"token":"t1"}"""));
        var authorizer = new Authorizer(http, Registry, Credentials.Anonymous, ["repository:app:pull"]);
        Assert.True(await AnswerAsync(authorizer));
        Assert.Equal("Bearer t1", authorizer.Header!.ToString());
    }

    [Fact]
    public async Task A_token_server_cannot_fill_the_memory()
    {
        using var http = new HttpClient(new TokenServer(new string(' ', 2_000_000) + """{"token":"t1"}"""));
        var authorizer = new Authorizer(http, Registry, Credentials.Anonymous, ["repository:app:pull"]);
        var error = await Assert.ThrowsAsync<SuiteException>(() => AnswerAsync(authorizer));
        Assert.Equal((ErrorKind.Unauthenticated, "The token server auth.example sent more than 1048576 bytes, which is no token."), (error.Kind, error.Message));
    }

    private static async Task<bool> AnswerAsync(Authorizer authorizer)
    {
        using var refused = new HttpResponseMessage(HttpStatusCode.Unauthorized);
        refused.Headers.WwwAuthenticate.Add(new AuthenticationHeaderValue("Bearer", "realm=\"https://auth.example/token\""));
        return await authorizer.AnswerAsync(refused, tried: null, TestContext.Current.CancellationToken);
    }

    private sealed class TokenServer(string answer) : HttpMessageHandler
    {
        protected override Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken) => Task.FromResult(
            new HttpResponseMessage(HttpStatusCode.OK) { RequestMessage = request, Content = new StreamContent(new MemoryStream(System.Text.Encoding.ASCII.GetBytes(answer))) });
    }
}
