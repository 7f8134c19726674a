using System.Text.Json;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Primitives;
using Suite.Linux.Errors;
using Suite.Oci.Distribution;
using Suite.Registry.Access;
using Suite.Registry.Distribution;

namespace Suite.Registry.Tokens;

/// <summary>
/// /auth/token: a token for whoever logs in, or for nobody by name, with as much of what was asked for as the rules give. GET with Basic
/// is what every client sends; POST is OAuth 2's password grant, which containerd and docker try first.
/// </summary>
internal sealed class TokenRequests(AccessPolicy policy, AccessOptions options, TokenIssuer tokens, Authentication authentication, RequestGuard guard)
{
    private const int MostScopes = 64;

    public Task HandleAsync(HttpContext http) => guard.RunAsync(http, AnswerAsync);

    private async Task AnswerAsync(HttpContext http)
    {
        if (policy.IsOpen || !options.Tokens)
            throw new DistributionException(ErrorKind.NotFound, ErrorCode.Unsupported, "this registry gives out no tokens");
        var (caller, scopes) = http.Request.Method switch
        {
            "GET" => (await authentication.IdentifyAsync(http).ConfigureAwait(false), http.Request.Query["scope"]),
            "POST" => await ReadFormAsync(http).ConfigureAwait(false),
            _ => throw new DistributionException(ErrorKind.Unsupported, ErrorCode.Unsupported, $"{http.Request.Method} is not possible here"),
        };
        // A token cannot beget another: its end would mean nothing.
        if (caller.HasToken)
            throw new DistributionException(ErrorKind.Unauthenticated, ErrorCode.Unauthorized, "log in with a name and a password");
        http.Features.Set(caller);
        var answer = tokens.Issue(caller, Grant(caller, scopes));
        http.Response.Headers.CacheControl = "no-store";
        await http.Response.WriteJsonAsync(answer, TokenJson.Default.TokenAnswer).ConfigureAwait(false);
    }

    private List<Scope> Grant(Caller caller, StringValues asked)
    {
        var granted = new List<Scope>();
        // Several parameters, or one with spaces between: both are written by clients.
        foreach (var text in asked.SelectMany(value => (value ?? "").Split(' ', StringSplitOptions.RemoveEmptyEntries)).Take(MostScopes))
        {
            if (Scope.TryParse(text, out var scope) && (scope.Permissions & policy.RulesFor(caller, scope.Repository)) is var permissions and not Permissions.None)
                granted.Add(scope with { Permissions = permissions });
        }

        return granted;
    }

    private async ValueTask<(Caller Caller, StringValues Scopes)> ReadFormAsync(HttpContext http)
    {
        if (!http.Request.HasFormContentType)
            throw new DistributionException(ErrorKind.InvalidArgument, ErrorCode.Unsupported, "send a form, or use GET");
        IFormCollection form;
        try
        {
            form = await http.Request.ReadFormAsync(http.RequestAborted).ConfigureAwait(false);
        }
        catch (InvalidDataException e)
        {
            throw new DistributionException(ErrorKind.InvalidArgument, ErrorCode.Unsupported, $"the form cannot be read: {e.Message}");
        }

        if (form["grant_type"] != "password")
            throw new DistributionException(ErrorKind.InvalidArgument, ErrorCode.Unsupported, "grant_type must be password: there are no refresh tokens here");
        return (await authentication.LogInAsync(http, form["username"].ToString(), form["password"].ToString()).ConfigureAwait(false), form["scope"]);
    }
}
