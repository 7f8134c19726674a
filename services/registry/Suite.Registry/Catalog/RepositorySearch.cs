using Suite.Hosting.Databases;

namespace Suite.Registry.Catalog;

internal static class RepositorySearch
{
    /// <summary>Repositories that hold a manifest and the text in their name: the name itself first, then names that begin with it.</summary>
    public static IReadOnlyList<FoundRepository> Find(Session session, string query, int skip, int limit) =>
        session.Query(
            """
            SELECT name,
                (SELECT json_extract(annotations, '$."org.opencontainers.image.description"') FROM manifests
                 WHERE repository = id AND json_extract(annotations, '$."org.opencontainers.image.description"') IS NOT NULL
                 ORDER BY pushed_at DESC LIMIT 1),
                (SELECT count(*) FROM tags WHERE repository = id),
                (SELECT max(pushed_at) FROM manifests WHERE repository = id),
                (SELECT coalesce(sum(size), 0) FROM blob_links JOIN blobs USING (digest) WHERE repository = id)
                    + (SELECT coalesce(sum(size), 0) FROM manifests WHERE repository = id)
            FROM repositories
            WHERE instr(name, $1) > 0 AND EXISTS (SELECT 1 FROM manifests WHERE repository = id)
            ORDER BY CASE WHEN name = $1 THEN 0 WHEN substr(name, 1, length($1)) = $1 THEN 1 ELSE 2 END, name
            LIMIT $3 OFFSET $2
            """,
            row => new FoundRepository(row.GetString(0), row.IsDBNull(1) ? null : row.GetString(1), row.GetInt64(2), row.GetInt64(3), row.GetInt64(4)),
            query.ToLowerInvariant(), skip, limit);
}
