using System.Text.Json.Serialization;

namespace Suite.Oci.Distribution;

/// <summary>
/// What a token server answers; some write <c>token</c>, some <c>access_token</c>, some both. How long it lasts is not read: a new one is
/// fetched when the registry refuses it.
/// </summary>
public sealed record TokenResponse
{
    public string? Token { get; init; }

    [JsonPropertyName("access_token")]
    public string? AccessToken { get; init; }
}
