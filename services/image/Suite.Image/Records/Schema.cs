namespace Suite.Image.Records;

/// <summary>The database's schema, one script a version. Only ever append.</summary>
internal static class Schema
{
    public const string Version1 = """
        CREATE TABLE images (
            id      TEXT PRIMARY KEY,          -- digest of the configuration
            config  BLOB NOT NULL,
            size    INTEGER NOT NULL
        ) WITHOUT ROWID;
        CREATE TABLE tags (
            name     TEXT PRIMARY KEY,         -- host/repository:tag
            image    TEXT NOT NULL REFERENCES images(id) ON DELETE CASCADE
        ) WITHOUT ROWID;
        CREATE INDEX tags_image ON tags(image);
        CREATE TABLE digests (
            name     TEXT PRIMARY KEY,         -- host/repository@digest
            image    TEXT NOT NULL REFERENCES images(id) ON DELETE CASCADE
        ) WITHOUT ROWID;
        CREATE INDEX digests_image ON digests(image);
        CREATE TABLE manifests (
            digest   TEXT NOT NULL,
            image    TEXT NOT NULL REFERENCES images(id) ON DELETE CASCADE,
            type     TEXT NOT NULL,
            content  BLOB NOT NULL,
            PRIMARY KEY (image, digest)
        ) WITHOUT ROWID;
        CREATE TABLE layers (
            diff_id   TEXT PRIMARY KEY,
            driver_id TEXT NOT NULL UNIQUE
        ) WITHOUT ROWID;
        CREATE TABLE image_layers (
            image    TEXT NOT NULL REFERENCES images(id) ON DELETE CASCADE,
            position INTEGER NOT NULL,
            diff_id  TEXT NOT NULL REFERENCES layers(diff_id),
            blob     TEXT NOT NULL,
            size     INTEGER NOT NULL,
            type     TEXT NOT NULL,
            PRIMARY KEY (image, position)
        ) WITHOUT ROWID;
        CREATE INDEX image_layers_diff_id ON image_layers(diff_id);
        CREATE INDEX image_layers_blob ON image_layers(blob);
        CREATE TABLE orphan_blobs (            -- blobs of removed images, to be deleted if no other image has them
            blob     TEXT PRIMARY KEY
        ) WITHOUT ROWID;
        CREATE TABLE rootfs (
            key      TEXT PRIMARY KEY,
            image    TEXT NOT NULL,            -- may be gone: its layers stay for this root file system
            labels   TEXT NOT NULL,            -- JSON object
            created  INTEGER NOT NULL,         -- nanoseconds since the epoch
            state    TEXT NOT NULL             -- creating, created, removing
        ) WITHOUT ROWID;
        CREATE TABLE rootfs_layers (
            key      TEXT NOT NULL REFERENCES rootfs(key) ON DELETE CASCADE,
            position INTEGER NOT NULL,
            diff_id  TEXT NOT NULL REFERENCES layers(diff_id),
            PRIMARY KEY (key, position)
        ) WITHOUT ROWID;
        CREATE INDEX rootfs_layers_diff_id ON rootfs_layers(diff_id);
        """;

    /// <summary>
    /// What a layer takes unpacked, so that nobody walks it again; and sessions of the service: layers of one that did not end well are
    /// looked at again. The column diff_id holds the layer's key since drivers exist whose layers depend on those below.
    /// </summary>
    public const string Version2 = """
        ALTER TABLE layers ADD COLUMN bytes INTEGER NOT NULL DEFAULT 0;
        ALTER TABLE layers ADD COLUMN inodes INTEGER NOT NULL DEFAULT 0;
        ALTER TABLE layers ADD COLUMN session INTEGER NOT NULL DEFAULT 0;
        CREATE TABLE session (
            number   INTEGER NOT NULL,
            clean    INTEGER NOT NULL          -- 1 after an orderly end
        );
        INSERT INTO session VALUES (0, 1);
        """;

    /// <summary>
    /// The cache of builds. A layer of it need not be on the disk yet: what the machine lost with its power is known by the boot that it
    /// was made in. And containers that run for a build, so that those of a killed service are found again.
    /// </summary>
    public const string Version3 = """
        ALTER TABLE layers ADD COLUMN durable INTEGER NOT NULL DEFAULT 1;
        CREATE TABLE build_cache (
            key      TEXT PRIMARY KEY,         -- of all that the step depends on
            diff_id  TEXT REFERENCES layers(diff_id), -- NULL: the step changes no file
            archive  TEXT,                     -- digest of the layer's archive
            blob     TEXT,
            size     INTEGER NOT NULL,
            type     TEXT,
            bytes    INTEGER NOT NULL,         -- unpacked and compressed
            what     TEXT NOT NULL,            -- the instruction, for people
            created  INTEGER NOT NULL,         -- seconds since the epoch
            used     INTEGER NOT NULL
        ) WITHOUT ROWID;
        CREATE INDEX build_cache_diff_id ON build_cache(diff_id);
        CREATE INDEX build_cache_blob ON build_cache(blob);
        CREATE TABLE build_boot (
            id       TEXT NOT NULL             -- /proc/sys/kernel/random/boot_id
        );
        INSERT INTO build_boot VALUES ('');
        CREATE TABLE build_containers (
            name     TEXT PRIMARY KEY          -- of a container of suite-runtime
        ) WITHOUT ROWID;
        CREATE TABLE image_indexes (           -- images of several platforms that were built here under one name
            name     TEXT PRIMARY KEY,         -- host/repository:tag
            content  BLOB NOT NULL
        ) WITHOUT ROWID;
        """;
}
