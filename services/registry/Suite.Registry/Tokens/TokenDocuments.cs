using System.Text.Json.Serialization;

namespace Suite.Registry.Tokens;

/// <summary>What a token says (distribution's "Token Authentication Implementation").</summary>
internal sealed record TokenClaims
{
    [JsonPropertyName("iss")]
    public required string Issuer { get; init; }

    [JsonPropertyName("aud")]
    public required string Audience { get; init; }

    /// <summary>The user; empty for somebody without a name.</summary>
    [JsonPropertyName("sub")]
    public required string Subject { get; init; }

    /// <summary>Groups that came with a client certificate.</summary>
    [JsonPropertyName("groups")]
    public IReadOnlyList<string> Groups { get; init; } = [];

    /// <summary>Seconds since the epoch.</summary>
    [JsonPropertyName("exp")]
    public required long Expires { get; init; }

    [JsonPropertyName("iat")]
    public required long Issued { get; init; }

    [JsonPropertyName("access")]
    public required IReadOnlyList<TokenAccess> Access { get; init; }
}

internal sealed record TokenAccess
{
    [JsonPropertyName("type")]
    public required string Type { get; init; }

    [JsonPropertyName("name")]
    public required string Name { get; init; }

    [JsonPropertyName("actions")]
    public required IReadOnlyList<string> Actions { get; init; }
}

/// <summary>The token service's answer; old clients read token, those of OAuth 2 access_token.</summary>
internal sealed record TokenAnswer
{
    [JsonPropertyName("token")]
    public required string Token { get; init; }

    [JsonPropertyName("access_token")]
    public required string AccessToken { get; init; }

    [JsonPropertyName("expires_in")]
    public required long ExpiresIn { get; init; }

    [JsonPropertyName("issued_at")]
    public required string IssuedAt { get; init; }

    [JsonPropertyName("token_type")]
    public string TokenType { get; init; } = "Bearer";

    [JsonPropertyName("scope")]
    public required string Scope { get; init; }
}

[JsonSerializable(typeof(TokenClaims))]
[JsonSerializable(typeof(TokenAnswer))]
internal sealed partial class TokenJson : JsonSerializerContext;
