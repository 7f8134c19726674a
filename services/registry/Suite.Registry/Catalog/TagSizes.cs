using Suite.Hosting.Databases;
using Suite.Registry.Distribution;

namespace Suite.Registry.Catalog;

/// <param name="Children">Manifests that it lists, for an index.</param>
/// <param name="TotalSize">Bytes of it and of all that it leads to, each once.</param>
/// <param name="UpdatedAt">Nanoseconds since the epoch.</param>
internal sealed record TagSize(string Name, string Digest, string MediaType, long Children, long TotalSize, long UpdatedAt);

internal static class TagSizes
{
    /// <exception cref="DistributionException">The repository is not known.</exception>
    public static IReadOnlyList<TagSize> List(Session session, string repository)
    {
        var id = Repositories.Find(session, repository) ?? throw DistributionException.NoRepository(repository);
        // A path of manifests from each tag; then their own sizes and those of their blobs.
        return session.Query(
            """
            WITH RECURSIVE reached (tag, digest) AS (
                SELECT name, digest FROM tags WHERE repository = $1
                UNION
                SELECT reached.tag, r.digest FROM reached
                JOIN manifest_references AS r ON r.repository = $1 AND r.manifest = reached.digest
            ), sizes (tag, bytes, children) AS (
                SELECT reached.tag, sum(coalesce(m.size, b.size, 0)), sum(m.digest IS NOT NULL) - 1 FROM reached
                LEFT JOIN manifests AS m ON m.repository = $1 AND m.digest = reached.digest
                LEFT JOIN blobs AS b ON b.digest = reached.digest
                GROUP BY reached.tag
            )
            SELECT t.name, t.digest, m.media_type, sizes.children, sizes.bytes, t.updated_at FROM tags AS t
            JOIN manifests AS m ON m.repository = t.repository AND m.digest = t.digest
            JOIN sizes ON sizes.tag = t.name
            WHERE t.repository = $1 ORDER BY t.updated_at DESC, t.name
            """,
            row => new TagSize(row.GetString(0), row.GetString(1), row.GetString(2), row.GetInt64(3), row.GetInt64(4), row.GetInt64(5)), id);
    }
}
