using System.Text.Json.Serialization;

namespace Suite.Oci.Distribution;

/// <summary>What a token server answers; some write <c>token</c>, some <c>access_token</c>, some both.</summary>
public sealed record TokenResponse
{
    public string? Token { get; init; }

    [JsonPropertyName("access_token")]
    public string? AccessToken { get; init; }

    /// <summary>Seconds. When missing, 60 is to be assumed.</summary>
    [JsonPropertyName("expires_in")]
    public long? ExpiresIn { get; init; }

    [JsonPropertyName("refresh_token")]
    public string? RefreshToken { get; init; }
}
