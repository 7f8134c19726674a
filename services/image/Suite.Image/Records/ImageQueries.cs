using Suite.Hosting.Databases;
using Suite.Linux.Files;
using Suite.Oci.Images;
using Suite.Oci.References;

namespace Suite.Image.Records;

/// <summary>Reads of images.</summary>
internal static class ImageQueries
{
    public static ImageRecord? ById(Session s, string id)
    {
        var (raw, size) = s.First("SELECT config, size FROM images WHERE id = $1", r => (Config: (byte[])r[0], Size: r.GetInt64(1)), id);
        if (raw is null) return null;
        var config = ImageConfig.Parse(raw, $"configuration of the image {id}");
        var rows = s.Query(
            """
            SELECT i.diff_id, l.driver_id, i.blob, i.size, i.type, l.bytes, l.inodes FROM image_layers i JOIN layers l USING (diff_id)
            WHERE i.image = $1 ORDER BY i.position
            """,
            r => (
                Key: Digest.Parse(r.GetString(0)), DriverId: r.GetString(1),
                Blob: new Descriptor { Digest = Digest.Parse(r.GetString(2)), Size = r.GetInt64(3), MediaType = r.GetString(4) },
                Usage: new TreeUsage((ulong)r.GetInt64(5), (ulong)r.GetInt64(6))),
            id);
        return new ImageRecord(
            Digest.Parse(id), raw, config, size,
            s.Query("SELECT name FROM tags WHERE image = $1 ORDER BY name", r => r.GetString(0), id),
            s.Query("SELECT name FROM digests WHERE image = $1 ORDER BY name", r => r.GetString(0), id),
            [.. rows.Select((r, i) => new LayerRecord(r.Key, config.Rootfs.DiffIds[i], r.DriverId, r.Blob, r.Usage))]);
    }

    public static (ImageRecord Image, NewManifest Manifest)? ByManifest(Session s, Digest manifest)
    {
        var (id, found) = s.First(
            "SELECT image, digest, type, content FROM manifests WHERE digest = $1", r => (r.GetString(0), new NewManifest(Digest.Parse(r.GetString(1)), r.GetString(2), (byte[])r[3])), manifest.ToString());
        return id is not null && ById(s, id) is { } image ? (image, found) : null;
    }

    public static byte[]? ConfigOf(Session s, string id) => s.First("SELECT config FROM images WHERE id = $1", r => (byte[])r[0], id);

    public static IReadOnlyList<ImageRecord> All(Session s) =>
        [.. s.Query("SELECT id FROM images ORDER BY id", r => r.GetString(0)).Select(id => ById(s, id)).OfType<ImageRecord>()];

    public static string? IdByTag(Session s, string name) => s.First("SELECT image FROM tags WHERE name = $1", r => r.GetString(0), name);

    public static string? IdByDigest(Session s, string name) => s.First("SELECT image FROM digests WHERE name = $1", r => r.GetString(0), name);

    /// <summary>At most two ids that begin with the digits; two mean that the prefix is ambiguous.</summary>
    public static IReadOnlyList<string> IdsByPrefix(Session s, string hex) =>
        s.Query("SELECT id FROM images WHERE id >= 'sha256:' || $1 AND id < 'sha256:' || $1 || 'g' LIMIT 2", r => r.GetString(0), hex);

    public static IReadOnlyList<NewManifest> Manifests(Session s, string id) => s.Query(
        "SELECT digest, type, content FROM manifests WHERE image = $1 ORDER BY digest",
        r => new NewManifest(Digest.Parse(r.GetString(0)), r.GetString(1), (byte[])r[2]), id);
}
