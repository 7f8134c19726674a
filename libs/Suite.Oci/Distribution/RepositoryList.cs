namespace Suite.Oci.Distribution;

/// <summary>The answer of <c>GET /v2/_catalog</c>: not in the specification, yet what clients list repositories with.</summary>
public sealed record RepositoryList
{
    public IReadOnlyList<string>? Repositories { get; init; }
}
