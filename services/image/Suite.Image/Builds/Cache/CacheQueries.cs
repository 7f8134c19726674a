using Suite.Hosting.Databases;
using Suite.Image.Records;
using Suite.Oci.Images;
using Suite.Oci.References;

namespace Suite.Image.Builds.Cache;

/// <summary>A step as it is stored; without a layer it changes no file.</summary>
internal sealed record CacheRow(Digest Key, Digest? LayerKey, Digest? DiffId, Descriptor? Blob, long Bytes, string What, long Created, long Used, bool Shared);

/// <summary>The records of the cache; writes are to be called within a transaction.</summary>
internal static class CacheQueries
{
    private const string Columns = "key, diff_id, archive, blob, size, type, bytes, what, created, used, EXISTS (SELECT 1 FROM image_layers i WHERE i.diff_id = build_cache.diff_id)";

    public static CacheRow? Find(Session s, Digest key) => s.First($"SELECT {Columns} FROM build_cache WHERE key = $1", Read, key.ToString());

    /// <summary>The one longest out of use first.</summary>
    public static IReadOnlyList<CacheRow> All(Session s) => s.Query($"SELECT {Columns} FROM build_cache ORDER BY used, created, key", Read);

    public static void Add(Session s, Digest key, LayerRecord? layer, string what, long now)
    {
        if (layer is not null)
        {
            s.Execute(
                "INSERT OR IGNORE INTO layers (diff_id, driver_id, bytes, inodes, session, durable) VALUES ($1, $2, $3, $4, (SELECT number FROM session), 0)",
                layer.Key.ToString(), layer.DriverId, (long)layer.Usage.Bytes, (long)layer.Usage.Inodes);
        }

        Orphan(s, key);
        s.Execute(
            """
            INSERT OR REPLACE INTO build_cache (key, diff_id, archive, blob, size, type, bytes, what, created, used)
            VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $9)
            """,
            key.ToString(), layer?.Key.ToString(), layer?.DiffId.ToString(), layer?.Blob.Digest.ToString(), layer?.Blob.Size ?? 0, layer?.Blob.MediaType,
            layer is null ? 0 : (long)layer.Usage.Bytes + layer.Blob.Size, what, now);
    }

    public static void Touch(Session s, IEnumerable<Digest> keys, long now)
    {
        foreach (var key in keys) s.Execute("UPDATE build_cache SET used = $2 WHERE key = $1 AND used < $2", key.ToString(), now);
    }

    /// <summary>The layer and the blob are for <see cref="ImageDatabase.CollectAsync"/>.</summary>
    public static void Remove(Session s, Digest key)
    {
        Orphan(s, key);
        s.Execute("DELETE FROM build_cache WHERE key = $1", key.ToString());
    }

    /// <summary>After the machine has started anew: what was not written to the disk for sure counts as lost.</summary>
    public static void ForgetLost(Session s, string boot)
    {
        if (s.Execute("UPDATE build_boot SET id = $1 WHERE id <> $1", boot) == 0) return;
        s.Execute("INSERT OR IGNORE INTO orphan_blobs (blob) SELECT blob FROM build_cache WHERE blob IS NOT NULL AND diff_id IN (SELECT diff_id FROM layers WHERE durable = 0)");
        s.Execute("DELETE FROM build_cache WHERE diff_id IN (SELECT diff_id FROM layers WHERE durable = 0)");
    }

    private static void Orphan(Session s, Digest key) =>
        s.Execute("INSERT OR IGNORE INTO orphan_blobs (blob) SELECT blob FROM build_cache WHERE key = $1 AND blob IS NOT NULL", key.ToString());

    private static CacheRow Read(Microsoft.Data.Sqlite.SqliteDataReader r) => new(
        Digest.Parse(r.GetString(0)),
        r.IsDBNull(1) ? null : Digest.Parse(r.GetString(1)),
        r.IsDBNull(2) ? null : Digest.Parse(r.GetString(2)),
        r.IsDBNull(3) ? null : new Descriptor { Digest = Digest.Parse(r.GetString(3)), Size = r.GetInt64(4), MediaType = r.GetString(5) },
        r.GetInt64(6), r.GetString(7), r.GetInt64(8), r.GetInt64(9), r.GetInt64(10) != 0);
}
