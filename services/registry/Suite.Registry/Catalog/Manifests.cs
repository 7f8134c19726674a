using Suite.Hosting.Databases;
using Suite.Oci.References;

namespace Suite.Registry.Catalog;

internal static class Manifests
{
    public static StoredManifest? Find(Session session, string repository, Digest digest) =>
        session.First(
            """
            SELECT digest, media_type, content FROM manifests
            WHERE repository = (SELECT id FROM repositories WHERE name = $1) AND digest = $2
            """,
            row => new StoredManifest(Digest.Parse(row.GetString(0)), row.GetString(1), (byte[])row[2]), repository, digest.ToString());

    public static StoredManifest? Find(Session session, string repository, string tag) =>
        session.First(
            """
            SELECT manifests.digest, media_type, content FROM tags
            JOIN manifests ON manifests.repository = tags.repository AND manifests.digest = tags.digest
            WHERE tags.repository = (SELECT id FROM repositories WHERE name = $1) AND tags.name = $2
            """,
            row => new StoredManifest(Digest.Parse(row.GetString(0)), row.GetString(1), (byte[])row[2]), repository, tag);

    public static bool Has(Session session, long repository, Digest digest) =>
        session.Count("SELECT EXISTS (SELECT 1 FROM manifests WHERE repository = $1 AND digest = $2)", repository, digest.ToString()) > 0;

    /// <summary>Stores it, unless it is there already: the digest says that it would be the same.</summary>
    public static void Put(Session session, long repository, StoredManifest manifest, long now)
    {
        var added = session.Execute(
            """
            INSERT INTO manifests (repository, digest, media_type, size, pushed_at, subject, artifact_type, annotations, content)
            VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9) ON CONFLICT DO NOTHING
            """,
            repository, manifest.Digest.ToString(), manifest.MediaType, manifest.Content.LongLength, now,
            manifest.Subject?.ToString(), manifest.ArtifactType, manifest.Annotations, manifest.Content);
        if (added == 0)
        {
            // Pushed anew, so its grace begins anew.
            session.Execute("UPDATE manifests SET pushed_at = $3 WHERE repository = $1 AND digest = $2", repository, manifest.Digest.ToString(), now);
            return;
        }

        foreach (var digest in manifest.References)
        {
            session.Execute(
                "INSERT INTO manifest_references (repository, manifest, digest) VALUES ($1, $2, $3) ON CONFLICT DO NOTHING",
                repository, manifest.Digest.ToString(), digest.ToString());
        }
    }

    /// <summary>Notes that it was pulled. Nothing happens when it is not there any more.</summary>
    public static void MarkPulled(Session session, string repository, Digest digest, long at) =>
        session.Execute(
            "UPDATE manifests SET pulled_at = max(pulled_at, $3) WHERE repository = (SELECT id FROM repositories WHERE name = $1) AND digest = $2",
            repository, digest.ToString(), at);

    /// <summary>Deletes it with all its tags. False when it was not there.</summary>
    public static bool Delete(Session session, long repository, Digest digest) =>
        session.Execute("DELETE FROM manifests WHERE repository = $1 AND digest = $2", repository, digest.ToString()) > 0;

    public static IReadOnlyList<Referrer> Referrers(Session session, string repository, Digest subject, string? artifactType, string last, int limit) =>
        session.Query(
            """
            SELECT digest, media_type, size, artifact_type, annotations FROM manifests
            WHERE repository = (SELECT id FROM repositories WHERE name = $1) AND subject = $2 AND ($3 IS NULL OR artifact_type = $3) AND digest > $4
            ORDER BY digest LIMIT $5
            """,
            row => new Referrer(
                Digest.Parse(row.GetString(0)), row.GetString(1), row.GetInt64(2),
                row.IsDBNull(3) ? null : row.GetString(3), row.IsDBNull(4) ? null : row.GetString(4)),
            repository, subject.ToString(), artifactType, last, limit);

    /// <summary>Manifests after a row, in the order in which they were stored.</summary>
    public static IReadOnlyList<(long Row, string Repository, StoredManifest Manifest)> Page(Session session, long after, int limit) =>
        session.Query(
            """
            SELECT manifests.rowid, repositories.name, digest, media_type, content FROM manifests
            JOIN repositories ON repositories.id = manifests.repository
            WHERE manifests.rowid > $1 ORDER BY manifests.rowid LIMIT $2
            """,
            row => (row.GetInt64(0), row.GetString(1), new StoredManifest(Digest.Parse(row.GetString(2)), row.GetString(3), (byte[])row[4])),
            after, limit);

    /// <summary>What a manifest needs and its repository does not have.</summary>
    public static IReadOnlyList<Digest> Missing(Session session, string repository, Digest manifest) =>
        session.Query(
            """
            SELECT r.digest FROM manifest_references AS r
            WHERE r.repository = (SELECT id FROM repositories WHERE name = $1) AND r.manifest = $2
              AND NOT EXISTS (SELECT 1 FROM blob_links AS l WHERE l.repository = r.repository AND l.digest = r.digest)
              AND NOT EXISTS (SELECT 1 FROM manifests AS m WHERE m.repository = r.repository AND m.digest = r.digest)
            """,
            row => Digest.Parse(row.GetString(0)), repository, manifest.ToString());
}
