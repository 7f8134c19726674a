using System.Text;
using Microsoft.AspNetCore.Http;
using Suite.Linux.Errors;
using Suite.Oci.Distribution;
using Suite.Registry.Distribution;
using Suite.Registry.Limits;
using Suite.Registry.Tokens;

namespace Suite.Registry.Access;

/// <summary>Learns who sent a request: by a token, by name and password, by a client certificate, in this order. Otherwise nobody.</summary>
internal sealed class Authentication(AccessPolicy policy, TokenIssuer tokens, LoginLimit logins, PasswordCheck? passwords = null)
{
    private const string Bearer = "Bearer ";
    private const string Basic = "Basic ";

    public async ValueTask<Caller> IdentifyAsync(HttpContext http)
    {
        if (policy.IsOpen)
            return Caller.Anonymous;
        var header = http.Request.Headers.Authorization.ToString();
        if (header.StartsWith(Bearer, StringComparison.OrdinalIgnoreCase))
            return tokens.Read(header[Bearer.Length..].Trim()) ?? throw Refused("the token is not one of this registry's or has expired: log in again");
        if (header.StartsWith(Basic, StringComparison.OrdinalIgnoreCase))
            return await LogInAsync(http, header[Basic.Length..].Trim()).ConfigureAwait(false);
        if (header.Length > 0)
            throw Refused("the Authorization header is neither Basic nor Bearer");
        if (http.Connection.ClientCertificate is { } certificate)
            return CertificateNames.CallerOf(certificate);
        return Caller.Anonymous;
    }

    /// <summary>Checks a name and a password that came in whatever form.</summary>
    public async ValueTask<Caller> LogInAsync(HttpContext http, string user, string password)
    {
        var origin = http.Connection.RemoteIpAddress?.ToString() ?? "";
        logins.Check(origin);
        if (passwords is not null && user.Length > 0 && await passwords.IsRightAsync(user, password, http.RequestAborted).ConfigureAwait(false))
            return new Caller(user, []);
        logins.Failed(origin);
        throw Refused("user name or password is wrong");
    }

    private ValueTask<Caller> LogInAsync(HttpContext http, string encoded)
    {
        var bytes = new byte[encoded.Length];
        if (!Convert.TryFromBase64String(encoded, bytes, out var length))
            throw Refused("the Authorization header is not Basic and base64 of NAME:PASSWORD");
        var text = Encoding.UTF8.GetString(bytes.AsSpan(0, length));
        var colon = text.IndexOf(':', StringComparison.Ordinal);
        if (colon < 0)
            throw Refused("the Authorization header is not Basic and base64 of NAME:PASSWORD");
        return LogInAsync(http, text[..colon], text[(colon + 1)..]);
    }

    private static DistributionException Refused(string why) => new(ErrorKind.Unauthenticated, ErrorCode.Unauthorized, why);
}
