using Suite.Hosting.Databases;
using Suite.Oci.References;

namespace Suite.Image.Records;

/// <summary>Writes of images, each to be called within a transaction.</summary>
internal static class ImageChanges
{
    /// <summary>Records an image with its layers. An image that is known gains the manifest; nothing else about it can differ.</summary>
    public static void Add(Session s, NewImage image)
    {
        var id = image.Id.ToString();
        var size = image.RawConfig.Length + image.Layers.Sum(l => l.Blob.Size);
        if (s.Execute("INSERT OR IGNORE INTO images (id, config, size) VALUES ($1, $2, $3)", id, image.RawConfig, size) > 0)
        {
            for (var i = 0; i < image.Layers.Count; i++)
            {
                var layer = image.Layers[i];
                s.Execute(
                    """
                    INSERT INTO layers (diff_id, driver_id, bytes, inodes, session) VALUES ($1, $2, $3, $4, (SELECT number FROM session))
                    ON CONFLICT (diff_id) DO UPDATE
                    SET driver_id = excluded.driver_id, bytes = excluded.bytes, inodes = excluded.inodes, session = excluded.session
                    WHERE session < 0 -- only one that was found damaged is replaced
                    """,
                    layer.Key.ToString(), layer.DriverId, (long)layer.Usage.Bytes, (long)layer.Usage.Inodes);
                // The cache of builds measured it before it was on the disk, where a file may take less.
                s.Execute(
                    "UPDATE layers SET durable = 1, bytes = $2, inodes = $3 WHERE diff_id = $1 AND durable = 0",
                    layer.Key.ToString(), (long)layer.Usage.Bytes, (long)layer.Usage.Inodes);
                s.Execute(
                    "INSERT INTO image_layers (image, position, diff_id, blob, size, type) VALUES ($1, $2, $3, $4, $5, $6)",
                    id, i, layer.Key.ToString(), layer.Blob.Digest.ToString(), layer.Blob.Size, layer.Blob.MediaType);
            }
        }

        s.Execute(
            "INSERT OR REPLACE INTO manifests (digest, image, type, content) VALUES ($1, $2, $3, $4)",
            image.Manifest.Digest.ToString(), id, image.Manifest.MediaType, image.Manifest.Content);
    }

    /// <summary>Gives a name to an image, and takes it from the one that had it.</summary>
    public static void Tag(Session s, string name, string id)
    {
        s.Execute("INSERT INTO tags (name, image) VALUES ($1, $2) ON CONFLICT (name) DO UPDATE SET image = excluded.image", name, id);
        s.Execute("DELETE FROM image_indexes WHERE name = $1", name);
    }

    public static void AddDigest(Session s, Reference reference, Digest manifest, string id) =>
        s.Execute(
            "INSERT INTO digests (name, image) VALUES ($1, $2) ON CONFLICT (name) DO UPDATE SET image = excluded.image",
            $"{reference.Name}@{manifest}", id);

    public static bool Untag(Session s, string name)
    {
        s.Execute("DELETE FROM image_indexes WHERE name = $1", name);
        return s.Execute("DELETE FROM tags WHERE name = $1", name) > 0;
    }

    /// <summary>Removes the image and its names. Its layers and blobs are for <see cref="ImageDatabase.CollectAsync"/>.</summary>
    public static void Remove(Session s, string id)
    {
        s.Execute("INSERT OR IGNORE INTO orphan_blobs (blob) SELECT blob FROM image_layers WHERE image = $1", id);
        // Children first: whether foreign keys cascade is a setting of the connection.
        s.Execute("DELETE FROM image_indexes WHERE name IN (SELECT name FROM tags WHERE image = $1)", id);
        s.Execute("DELETE FROM tags WHERE image = $1", id);
        s.Execute("DELETE FROM digests WHERE image = $1", id);
        s.Execute("DELETE FROM manifests WHERE image = $1", id);
        s.Execute("DELETE FROM image_layers WHERE image = $1", id);
        s.Execute("DELETE FROM images WHERE id = $1", id);
    }

    public static bool IsInUse(Session s, string id) => s.Count("SELECT count(*) FROM rootfs WHERE image = $1", id) > 0;
}
