using Microsoft.AspNetCore.Http;
using Suite.Registry.Tokens;

namespace Suite.Registry.Access;

/// <summary>WWW-Authenticate: how to log in here (RFC 9110 11.6.1, RFC 6750 3, distribution's token documentation).</summary>
internal sealed class Challenge(AccessOptions options)
{
    public const string TokenPath = "/auth/token";

    /// <summary>The name of this registry in challenges and tokens.</summary>
    public const string Service = "suite-registry";

    /// <summary>Asks for the scope that the request would need, where it is known.</summary>
    public void Write(HttpContext http, string? error = null)
    {
        if (!options.Tokens)
        {
            http.Response.Headers.WWWAuthenticate = $"Basic realm=\"{Service}\", charset=\"UTF-8\"";
            return;
        }

        var realm = options.TokenRealm ?? $"{http.Request.Scheme}://{http.Request.Host.Value}{TokenPath}";
        var value = $"Bearer realm=\"{realm}\",service=\"{Service}\"";
        if (http.Features.Get<Scope>() is { } scope)
            value += $",scope=\"{scope}\"";
        if (error is not null)
            value += $",error=\"{error}\"";
        http.Response.Headers.WWWAuthenticate = value;
    }
}
