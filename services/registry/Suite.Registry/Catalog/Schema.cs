using Suite.Hosting.Databases;

namespace Suite.Registry.Catalog;

/// <summary>
/// What is visible, and where. Content of blobs is in files; manifests are in here, since they are small and since one commit then
/// stores manifest, tags and references together or not at all.
/// </summary>
internal static class Schema
{
    public static Database Open(string path) => Database.Open(path, Durability.Disk, Version1, Version2);

    // BINARY collation gives the ASCIIbetical order that the specification allows for tags. Times are nanoseconds since the epoch.
    private const string Version1 = """
        CREATE TABLE repositories (
            id   INTEGER PRIMARY KEY,
            name TEXT NOT NULL UNIQUE
        ) STRICT;

        CREATE TABLE blobs (
            digest    TEXT PRIMARY KEY,
            size      INTEGER NOT NULL,
            stored_at INTEGER NOT NULL
        ) STRICT, WITHOUT ROWID;

        CREATE TABLE blob_links (
            repository INTEGER NOT NULL REFERENCES repositories,
            digest     TEXT NOT NULL REFERENCES blobs,
            PRIMARY KEY (repository, digest)
        ) STRICT, WITHOUT ROWID;
        CREATE INDEX blob_links_by_digest ON blob_links (digest);

        CREATE TABLE manifests (
            repository    INTEGER NOT NULL REFERENCES repositories,
            digest        TEXT NOT NULL,
            media_type    TEXT NOT NULL,
            size          INTEGER NOT NULL,
            pushed_at     INTEGER NOT NULL,
            subject       TEXT,
            artifact_type TEXT,
            annotations   TEXT,
            content       BLOB NOT NULL,
            UNIQUE (repository, digest)
        ) STRICT;
        CREATE INDEX manifests_by_subject ON manifests (repository, subject) WHERE subject IS NOT NULL;

        CREATE TABLE manifest_references (
            repository INTEGER NOT NULL,
            manifest   TEXT NOT NULL,
            digest     TEXT NOT NULL,
            PRIMARY KEY (repository, manifest, digest),
            FOREIGN KEY (repository, manifest) REFERENCES manifests (repository, digest) ON DELETE CASCADE
        ) STRICT, WITHOUT ROWID;
        CREATE INDEX manifest_references_by_digest ON manifest_references (repository, digest);

        CREATE TABLE tags (
            repository INTEGER NOT NULL,
            name       TEXT NOT NULL,
            digest     TEXT NOT NULL,
            updated_at INTEGER NOT NULL,
            PRIMARY KEY (repository, name),
            FOREIGN KEY (repository, digest) REFERENCES manifests (repository, digest) ON DELETE CASCADE
        ) STRICT, WITHOUT ROWID;
        CREATE INDEX tags_by_digest ON tags (repository, digest)
        """;

    // Nobody knows what was pulled before: it counts from here, so that a rule about pulls takes nothing for unused that nobody watched.
    private const string Version2 = """
        ALTER TABLE manifests ADD COLUMN pulled_at INTEGER NOT NULL DEFAULT 0;
        UPDATE manifests SET pulled_at = unixepoch() * 1000000000
        """;
}
