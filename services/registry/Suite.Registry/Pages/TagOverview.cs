using System.Text.Json.Serialization;

namespace Suite.Registry.Pages;

/// <summary>What the page shows of a repository.</summary>
internal sealed record TagOverview
{
    [JsonPropertyName("tags")]
    public required IReadOnlyList<TagRow> Tags { get; init; }
}

internal sealed record TagRow
{
    [JsonPropertyName("name")]
    public required string Name { get; init; }

    [JsonPropertyName("digest")]
    public required string Digest { get; init; }

    [JsonPropertyName("media_type")]
    public required string MediaType { get; init; }

    /// <summary>Entries of an index; 0 for a manifest.</summary>
    [JsonPropertyName("platforms")]
    public required long Platforms { get; init; }

    /// <summary>Bytes of all that a pull of every platform transfers.</summary>
    [JsonPropertyName("total_size")]
    public required long TotalSize { get; init; }

    /// <summary>Milliseconds since the epoch.</summary>
    [JsonPropertyName("pushed_at")]
    public required long PushedAt { get; init; }
}

[JsonSerializable(typeof(TagOverview))]
internal sealed partial class PageJson : JsonSerializerContext;
