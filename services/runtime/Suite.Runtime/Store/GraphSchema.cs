namespace Suite.Runtime.Store;

/// <summary>
/// The durable graph. Journal WAL with synchronous=NORMAL: a transaction survives the crash of this process, and costs no
/// fsync. A reboot takes the containers anyway.
/// </summary>
internal static class GraphSchema
{
    /// <summary>Step n brings a database of version n to n + 1; never edited once released, only followed by another.</summary>
    public static readonly string[] Steps =
    [
        """
        CREATE TABLE nodes (
            id   TEXT NOT NULL PRIMARY KEY,
            kind TEXT NOT NULL,
            key  TEXT NOT NULL,
            body BLOB NOT NULL,
            UNIQUE (kind, key)
        );
        CREATE TABLE edges (
            source TEXT NOT NULL,
            kind   TEXT NOT NULL,
            target TEXT NOT NULL,
            PRIMARY KEY (source, kind, target)
        ) WITHOUT ROWID;
        CREATE INDEX edges_by_target ON edges (target);
        """,
    ];
}
