using Suite.Hosting.Databases;
using Suite.Linux.Files;
using Suite.Oci.References;

namespace Suite.Image.Records;

/// <summary>A layer as an earlier session recorded it.</summary>
internal sealed record RecordedLayer(string Key, string DriverId, TreeUsage Usage);

/// <summary>
/// Sessions of the service. Each layer says in which one it was recorded; one that did not end well, by a kill or a power cut, has its
/// layers looked at before they are used again.
/// </summary>
internal static class SessionQueries
{
    /// <summary>Begins a session. Answers the number of the one before when it did not end well.</summary>
    public static long? Begin(Session s)
    {
        var (number, clean) = s.First("SELECT number, clean FROM session", r => (r.GetInt64(0), r.GetInt64(1) == 1));
        s.Execute("UPDATE session SET number = number + 1, clean = 0");
        return clean ? null : number;
    }

    public static void End(Session s) => s.Execute("UPDATE session SET clean = 1");

    /// <summary>After a look, or without need of one: they count as of the session that began.</summary>
    public static void Adopt(Session s, long number) => s.Execute("UPDATE layers SET session = (SELECT number FROM session) WHERE session = $1", number);

    public static IReadOnlyList<RecordedLayer> Layers(Session s, long number) => s.Query(
        "SELECT diff_id, driver_id, bytes, inodes FROM layers WHERE session = $1",
        r => new RecordedLayer(r.GetString(0), r.GetString(1), new TreeUsage((ulong)r.GetInt64(2), (ulong)r.GetInt64(3))), number);

    /// <summary>The blobs of these layers' images with the sizes that they must have.</summary>
    public static IReadOnlyList<(Digest Digest, long Size)> Blobs(Session s, string key) => s.Query(
        "SELECT DISTINCT blob, size FROM image_layers WHERE diff_id = $1", r => (Digest.Parse(r.GetString(0)), r.GetInt64(1)), key);

    public static IReadOnlyList<string> ImagesOf(Session s, string key) =>
        s.Query("SELECT DISTINCT image FROM image_layers WHERE diff_id = $1", r => r.GetString(0), key);

    /// <summary>
    /// Forgets a layer that is damaged: a pull then brings it anew, under another id of the driver. Root file systems name it by its
    /// key, so they get the new one too.
    /// </summary>
    public static void Forget(Session s, string key)
    {
        s.Execute("DELETE FROM build_cache WHERE diff_id = $1", key);
        if (s.Count("SELECT count(*) FROM rootfs_layers WHERE diff_id = $1", key) == 0) s.Execute("DELETE FROM layers WHERE diff_id = $1", key);
        else s.Execute("UPDATE layers SET session = -1 WHERE diff_id = $1", key);
    }
}
