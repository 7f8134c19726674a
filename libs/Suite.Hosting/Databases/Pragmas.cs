namespace Suite.Hosting.Databases;

/// <summary>How each connection is set up (sqlite.org/pragma.html).</summary>
internal static class Pragmas
{
    public static void ApplyToWriter(Session session, Durability durability)
    {
        session.Execute("PRAGMA journal_mode=WAL");
        session.Execute(durability == Durability.Disk ? "PRAGMA synchronous=FULL" : "PRAGMA synchronous=NORMAL");
        session.Execute("PRAGMA foreign_keys=ON");
        // A log of 1000 pages is folded back; cut the file then, so that one burst does not stay on disk for ever.
        session.Execute("PRAGMA journal_size_limit=4194304");
        Bound(session);
    }

    public static void ApplyToReader(Session session)
    {
        session.Execute("PRAGMA query_only=ON");
        Bound(session);
    }

    private static void Bound(Session session)
    {
        // Only a reader that starts while the log is being reset can be told to wait: a matter of milliseconds.
        session.Execute("PRAGMA busy_timeout=5000");
        // KiB, negative by SQLite's convention. The default of 2 MiB a connection is most of a small service's memory.
        session.Execute("PRAGMA cache_size=-1024");
        session.Execute("PRAGMA temp_store=MEMORY");
    }
}
