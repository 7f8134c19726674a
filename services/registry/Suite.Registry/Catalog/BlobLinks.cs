using Suite.Hosting.Databases;
using Suite.Oci.References;

namespace Suite.Registry.Catalog;

/// <summary>Which blobs are stored, and which repositories may serve them.</summary>
internal static class BlobLinks
{
    /// <summary>The blob's size if the repository has it.</summary>
    public static long? Find(Session session, string repository, Digest digest) =>
        session.First(
            """
            SELECT blobs.size FROM repositories
            JOIN blob_links ON blob_links.repository = repositories.id
            JOIN blobs ON blobs.digest = blob_links.digest
            WHERE repositories.name = $1 AND blob_links.digest = $2
            """,
            row => (long?)row.GetInt64(0), repository, digest.ToString());

    /// <summary>The blob's size if any repository has it.</summary>
    public static long? FindAnywhere(Session session, Digest digest) =>
        session.First(
            "SELECT size FROM blobs WHERE digest = $1 AND EXISTS (SELECT 1 FROM blob_links WHERE blob_links.digest = blobs.digest)",
            row => (long?)row.GetInt64(0), digest.ToString());

    /// <summary>The repositories that have the blob.</summary>
    public static IReadOnlyList<string> Holders(Session session, Digest digest) =>
        session.Query(
            "SELECT repositories.name FROM blob_links JOIN repositories ON repositories.id = blob_links.repository WHERE blob_links.digest = $1",
            row => row.GetString(0), digest.ToString());

    public static void Add(Session session, string repository, Digest digest, long size, long now)
    {
        var id = Repositories.Ensure(session, repository);
        session.Execute("INSERT INTO blobs (digest, size, stored_at) VALUES ($1, $2, $3) ON CONFLICT DO UPDATE SET stored_at = excluded.stored_at", digest.ToString(), size, now);
        session.Execute("INSERT INTO blob_links (repository, digest) VALUES ($1, $2) ON CONFLICT DO NOTHING", id, digest.ToString());
    }

    /// <summary>Takes the blob from a repository. True when it was the last to have it, so that the content can go too.</summary>
    public static bool Remove(Session session, long repository, Digest digest)
    {
        session.Execute("DELETE FROM blob_links WHERE repository = $1 AND digest = $2", repository, digest.ToString());
        return session.Execute(
            "DELETE FROM blobs WHERE digest = $1 AND NOT EXISTS (SELECT 1 FROM blob_links WHERE digest = $1)", digest.ToString()) > 0;
    }

    /// <summary>Whether a manifest of the repository needs the blob.</summary>
    public static bool IsReferenced(Session session, long repository, Digest digest) =>
        session.Count("SELECT EXISTS (SELECT 1 FROM manifest_references WHERE repository = $1 AND digest = $2)", repository, digest.ToString()) > 0;

    public static bool IsLinked(Session session, long repository, Digest digest) =>
        session.Count("SELECT EXISTS (SELECT 1 FROM blob_links WHERE repository = $1 AND digest = $2)", repository, digest.ToString()) > 0;

    public static bool IsStored(Session session, Digest digest) =>
        session.Count("SELECT EXISTS (SELECT 1 FROM blobs WHERE digest = $1)", digest.ToString()) > 0;

    public static (long Blobs, long Bytes) Totals(Session session) =>
        session.First("SELECT count(*), coalesce(sum(size), 0) FROM blobs", row => (row.GetInt64(0), row.GetInt64(1)));

    /// <summary>Blobs in the order of digests, after one, with a repository that has each.</summary>
    public static IReadOnlyList<(string Repository, Digest Digest, long Size)> Page(Session session, string last, int limit) =>
        session.Query(
            """
            SELECT min(repositories.name), blobs.digest, blobs.size FROM blobs
            JOIN blob_links ON blob_links.digest = blobs.digest
            JOIN repositories ON repositories.id = blob_links.repository
            WHERE blobs.digest > $1 GROUP BY blobs.digest ORDER BY blobs.digest LIMIT $2
            """,
            row => (row.GetString(0), Digest.Parse(row.GetString(1)), row.GetInt64(2)), last, limit);
}
