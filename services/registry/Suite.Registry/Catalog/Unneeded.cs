using Suite.Hosting.Databases;
using Suite.Oci.References;

namespace Suite.Registry.Catalog;

/// <summary>What nothing leads to any more. Times are nanoseconds since the epoch.</summary>
internal static class Unneeded
{
    /// <summary>Blobs of a repository that no manifest there needs, stored before a time.</summary>
    public static IReadOnlyList<(Digest Digest, long Size)> Blobs(Session session, long repository, long before) =>
        session.Query(
            """
            SELECT l.digest, b.size FROM blob_links AS l JOIN blobs AS b ON b.digest = l.digest
            WHERE l.repository = $1 AND b.stored_at <= $2
              AND NOT EXISTS (SELECT 1 FROM manifest_references AS r WHERE r.repository = l.repository AND r.digest = l.digest)
            """,
            row => (Digest.Parse(row.GetString(0)), row.GetInt64(1)), repository, before);

    /// <summary>Whether that is still so for one of them.</summary>
    public static bool IsBlob(Session session, long repository, Digest digest, long before) =>
        session.Count(
            """
            SELECT EXISTS (
                SELECT 1 FROM blob_links AS l JOIN blobs AS b ON b.digest = l.digest
                WHERE l.repository = $1 AND l.digest = $2 AND b.stored_at <= $3
                  AND NOT EXISTS (SELECT 1 FROM manifest_references AS r WHERE r.repository = l.repository AND r.digest = l.digest))
            """,
            repository, digest.ToString(), before) > 0;

    /// <summary>
    /// Manifests pushed before a time that no tag leads to, neither through an index nor as the referrer of one that stays. A referrer
    /// whose subject is not there is nobody's, too.
    /// </summary>
    public static IReadOnlyList<(Digest Digest, long Size)> Manifests(Session session, long repository, long before) =>
        session.Query(
            """
            WITH RECURSIVE needed (digest) AS (
                SELECT digest FROM tags WHERE repository = $1
                UNION SELECT digest FROM manifests WHERE repository = $1 AND pushed_at > $2
                UNION
                SELECT edges.target FROM needed JOIN (
                    SELECT manifest AS source, digest AS target FROM manifest_references WHERE repository = $1
                    UNION ALL
                    SELECT subject, digest FROM manifests WHERE repository = $1 AND subject IS NOT NULL
                ) AS edges ON edges.source = needed.digest
            )
            SELECT digest, size FROM manifests WHERE repository = $1 AND digest NOT IN (SELECT digest FROM needed)
            """,
            row => (Digest.Parse(row.GetString(0)), row.GetInt64(1)), repository, before);

    /// <summary>Repositories after one, by id, empty ones too.</summary>
    public static IReadOnlyList<(long Id, string Name)> Repositories(Session session, long after, int limit) =>
        session.Query("SELECT id, name FROM repositories WHERE id > $1 ORDER BY id LIMIT $2", row => (row.GetInt64(0), row.GetString(1)), after, limit);

    /// <summary>Forgets a repository that holds nothing.</summary>
    public static bool DropIfEmpty(Session session, long repository) =>
        session.Execute(
            """
            DELETE FROM repositories WHERE id = $1
              AND NOT EXISTS (SELECT 1 FROM manifests WHERE repository = $1) AND NOT EXISTS (SELECT 1 FROM blob_links WHERE repository = $1)
            """,
            repository) > 0;
}
