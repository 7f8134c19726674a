using Suite.Hosting.Databases;

namespace Suite.Registry.Catalog;

/// <summary>Repositories come into being with the first thing that is stored in them.</summary>
internal static class Repositories
{
    public static long? Find(Session session, string name) =>
        session.First("SELECT id FROM repositories WHERE name = $1", row => (long?)row.GetInt64(0), name);

    public static long Ensure(Session session, string name)
    {
        if (Find(session, name) is { } id)
            return id;
        session.Execute("INSERT INTO repositories (name) VALUES ($1)", name);
        return session.Count("SELECT last_insert_rowid()");
    }

    /// <summary>Names after <paramref name="last"/> that begin with the prefix, of repositories that hold a manifest.</summary>
    public static IReadOnlyList<string> List(Session session, string prefix, string last, int limit) =>
        session.Query(
            """
            SELECT name FROM repositories
            WHERE name > $1 AND substr(name, 1, length($2)) = $2 AND EXISTS (SELECT 1 FROM manifests WHERE repository = id)
            ORDER BY name LIMIT $3
            """,
            row => row.GetString(0), last, prefix, limit);

    public static long CountAll(Session session) =>
        session.Count("SELECT count(*) FROM repositories WHERE EXISTS (SELECT 1 FROM manifests WHERE repository = id)");
}
