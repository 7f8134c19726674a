using System.Buffers.Text;
using System.Text;
using System.Text.Json;
using Suite.Registry.Access;

namespace Suite.Registry.Tokens;

/// <summary>
/// Makes and reads tokens: JSON Web Tokens with HMAC-SHA256 (RFC 7519, RFC 7515). Only this registry reads them, so it takes its own
/// algorithm and no other, whatever a header says.
/// </summary>
internal sealed class TokenIssuer(TokenKey key, AccessOptions options, TimeProvider time)
{
    private const int LongestToken = 16 * 1024;
    private const string Issuer = "suite-registry";
    private const string Repository = "repository";

    private static readonly string Header = Base64Url.EncodeToString("""{"alg":"HS256","typ":"JWT"}"""u8);

    public TokenAnswer Issue(Caller caller, IReadOnlyList<Scope> granted)
    {
        var now = time.GetUtcNow();
        var claims = new TokenClaims
        {
            Issuer = Issuer,
            Audience = Challenge.Service,
            Subject = caller.User,
            Groups = caller.Groups,
            Issued = now.ToUnixTimeSeconds(),
            Expires = (now + options.TokenLifetime).ToUnixTimeSeconds(),
            Access = [.. granted.Select(scope => new TokenAccess { Type = Repository, Name = scope.Repository, Actions = scope.Permissions.Words() })],
        };
        var body = $"{Header}.{Base64Url.EncodeToString(JsonSerializer.SerializeToUtf8Bytes(claims, TokenJson.Default.TokenClaims))}";
        var token = $"{body}.{Base64Url.EncodeToString(key.Sign(Encoding.ASCII.GetBytes(body)))}";
        return new TokenAnswer
        {
            Token = token,
            AccessToken = token,
            ExpiresIn = (long)options.TokenLifetime.TotalSeconds,
            IssuedAt = now.ToString("yyyy-MM-dd'T'HH:mm:ss'Z'", System.Globalization.CultureInfo.InvariantCulture),
            Scope = string.Join(' ', granted),
        };
    }

    /// <summary>Null when the token is not ours, was changed or has expired.</summary>
    public Caller? Read(string token)
    {
        var end = token.LastIndexOf('.');
        var dot = token.IndexOf('.', StringComparison.Ordinal);
        if (token.Length > LongestToken || dot < 0 || end <= dot || token[..dot] != Header)
            return null;
        try
        {
            if (!key.IsSignature(Encoding.ASCII.GetBytes(token[..end]), Base64Url.DecodeFromChars(token.AsSpan(end + 1))))
                return null;
            var claims = JsonSerializer.Deserialize(Base64Url.DecodeFromChars(token.AsSpan(dot + 1, end - dot - 1)), TokenJson.Default.TokenClaims);
            return claims is null || claims.Issuer != Issuer || claims.Expires <= time.GetUtcNow().ToUnixTimeSeconds() ? null : CallerOf(claims);
        }
        catch (Exception e) when (e is FormatException or JsonException)
        {
            return null;
        }
    }

    private static Caller CallerOf(TokenClaims claims)
    {
        var grants = new Dictionary<string, Permissions>(StringComparer.Ordinal);
        foreach (var access in claims.Access)
        {
            foreach (var action in access.Actions)
            {
                if (access.Type == Repository && PermissionWords.TryParse(action, out var permission))
                    grants[access.Name] = grants.GetValueOrDefault(access.Name) | permission;
            }
        }

        return new Caller(claims.Subject, claims.Groups, grants);
    }
}
