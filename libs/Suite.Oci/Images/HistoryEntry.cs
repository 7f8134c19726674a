using System.Text.Json.Serialization;

namespace Suite.Oci.Images;

/// <summary>How one layer, or one change without a layer, came to be.</summary>
public sealed record HistoryEntry
{
    public DateTimeOffset? Created { get; init; }

    [JsonPropertyName("created_by")]
    public string? CreatedBy { get; init; }

    public string? Author { get; init; }

    public string? Comment { get; init; }

    [JsonPropertyName("empty_layer")]
    public bool? EmptyLayer { get; init; }
}
