using System.Text.Json.Serialization;

namespace Suite.Registry.Searching;

/// <summary>The answer of Docker's GET /v1/search, which `docker search` and `podman search` read.</summary>
internal sealed record SearchAnswer
{
    [JsonPropertyName("query")]
    public required string Query { get; init; }

    [JsonPropertyName("num_results")]
    public required int Count { get; init; }

    [JsonPropertyName("num_pages")]
    public required int Pages { get; init; }

    [JsonPropertyName("page")]
    public required int Page { get; init; }

    [JsonPropertyName("page_size")]
    public required int PageSize { get; init; }

    [JsonPropertyName("results")]
    public required IReadOnlyList<SearchResult> Results { get; init; }
}

internal sealed record SearchResult
{
    [JsonPropertyName("name")]
    public required string Name { get; init; }

    [JsonPropertyName("description")]
    public required string Description { get; init; }

    // Nobody gives stars here and nobody certifies; clients want the fields.
    [JsonPropertyName("star_count")]
    public int Stars { get; init; }

    [JsonPropertyName("is_official")]
    public bool IsOfficial { get; init; }

    [JsonPropertyName("is_automated")]
    public bool IsAutomated { get; init; }

    /// <summary>Ours; others ignore it.</summary>
    [JsonPropertyName("tag_count")]
    public required long Tags { get; init; }

    /// <summary>Ours: milliseconds since the epoch.</summary>
    [JsonPropertyName("pushed_at")]
    public required long PushedAt { get; init; }

    /// <summary>Ours: bytes.</summary>
    [JsonPropertyName("size")]
    public required long Size { get; init; }
}

[JsonSerializable(typeof(SearchAnswer))]
internal sealed partial class SearchJson : JsonSerializerContext;
