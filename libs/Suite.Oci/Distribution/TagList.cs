namespace Suite.Oci.Distribution;

/// <summary>The answer of <c>GET /v2/NAME/tags/list</c>.</summary>
public sealed record TagList
{
    public string? Name { get; init; }

    public IReadOnlyList<string>? Tags { get; init; }
}
