namespace Suite.Registry.Catalog;

/// <summary>A repository as a search and the web page show it.</summary>
/// <param name="Description">org.opencontainers.image.description of the manifest that was pushed last of those that have one.</param>
/// <param name="PushedAt">Nanoseconds since the epoch.</param>
/// <param name="Size">Bytes of its blobs and manifests, those that other repositories have too included.</param>
internal sealed record FoundRepository(string Name, string? Description, long Tags, long PushedAt, long Size);
