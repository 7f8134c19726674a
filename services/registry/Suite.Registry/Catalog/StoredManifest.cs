using Suite.Oci.References;

namespace Suite.Registry.Catalog;

/// <summary>A manifest as it was pushed, byte for byte.</summary>
internal sealed record StoredManifest(Digest Digest, string MediaType, byte[] Content)
{
    public Digest? Subject { get; init; }

    public string? ArtifactType { get; init; }

    /// <summary>A JSON object, when the manifest has annotations.</summary>
    public string? Annotations { get; init; }

    /// <summary>Blobs and manifests that it needs.</summary>
    public IReadOnlyList<Digest> References { get; init; } = [];
}

/// <summary>What a list of referrers says of one.</summary>
internal sealed record Referrer(Digest Digest, string MediaType, long Size, string? ArtifactType, string? Annotations);

/// <summary>A tag and what it points at. Times are nanoseconds since the epoch; 0 for a manifest that was never pulled.</summary>
internal sealed record TagEntry(string Name, Digest Digest, string MediaType, long Size, long UpdatedAt, long PulledAt);
