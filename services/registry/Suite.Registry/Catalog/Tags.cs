using Suite.Hosting.Databases;
using Suite.Oci.References;

namespace Suite.Registry.Catalog;

internal static class Tags
{
    public static void Set(Session session, long repository, string name, Digest digest, long now) =>
        session.Execute(
            """
            INSERT INTO tags (repository, name, digest, updated_at) VALUES ($1, $2, $3, $4)
            ON CONFLICT DO UPDATE SET digest = excluded.digest, updated_at = excluded.updated_at
            """,
            repository, name, digest.ToString(), now);

    /// <summary>Deletes the tag and leaves its manifest. False when it was not there.</summary>
    public static bool Delete(Session session, long repository, string name) =>
        session.Execute("DELETE FROM tags WHERE repository = $1 AND name = $2", repository, name) > 0;

    /// <summary>Deletes a tag that still is as it was seen, and whose manifest nobody has pulled since.</summary>
    public static bool DeleteUnchanged(Session session, long repository, TagEntry tag) =>
        session.Execute(
            """
            DELETE FROM tags WHERE repository = $1 AND name = $2 AND digest = $3 AND updated_at = $4
              AND EXISTS (SELECT 1 FROM manifests WHERE repository = $1 AND digest = $3 AND pulled_at = $5)
            """,
            repository, tag.Name, tag.Digest.ToString(), tag.UpdatedAt, tag.PulledAt) > 0;

    public static IReadOnlyList<string> Names(Session session, long repository, string last, int limit) =>
        session.Query(
            "SELECT name FROM tags WHERE repository = $1 AND name > $2 ORDER BY name LIMIT $3", row => row.GetString(0), repository, last, limit);

    public static IReadOnlyList<TagEntry> List(Session session, long repository) =>
        session.Query(
            """
            SELECT name, tags.digest, media_type, size, updated_at, pulled_at FROM tags
            JOIN manifests ON manifests.repository = tags.repository AND manifests.digest = tags.digest
            WHERE tags.repository = $1 ORDER BY name
            """,
            row => new TagEntry(row.GetString(0), Digest.Parse(row.GetString(1)), row.GetString(2), row.GetInt64(3), row.GetInt64(4), row.GetInt64(5)), repository);
}
