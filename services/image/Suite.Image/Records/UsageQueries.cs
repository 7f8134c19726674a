using Suite.Hosting.Databases;
using Suite.Linux.Files;

namespace Suite.Image.Records;

/// <summary>Sizes from the records: nothing on the disk is walked for them.</summary>
internal static class UsageQueries
{
    /// <summary>Layers unpacked and blobs, each once.</summary>
    public static TreeUsage Images(Session s) => new(
        (ulong)(s.Count("SELECT sum(bytes) FROM layers") + s.Count("SELECT sum(size) FROM (SELECT DISTINCT blob, size FROM image_layers)")),
        (ulong)(s.Count("SELECT sum(inodes) FROM layers") + s.Count("SELECT count(DISTINCT blob) FROM image_layers")));

    /// <summary>Bytes that go when these images go: what neither another image nor a root file system names.</summary>
    public static long FreedBy(Session s, IReadOnlySet<string> images)
    {
        var owners = Owners(s);
        var roots = s.Query("SELECT DISTINCT diff_id FROM rootfs_layers", r => r.GetString(0)).ToHashSet();
        return owners.Where(o => o.Value.Images.IsSubsetOf(images) && !roots.Contains(o.Key)).Sum(o => o.Value.Bytes);
    }

    /// <summary>Bytes of an image's things that others have too, and of those that it has alone.</summary>
    public static IReadOnlyDictionary<string, (long Shared, long Unique)> Shares(Session s)
    {
        var shares = new Dictionary<string, (long Shared, long Unique)>(StringComparer.Ordinal);
        foreach (var (images, bytes) in Owners(s).Values)
        {
            foreach (var image in images)
            {
                var (shared, unique) = shares.GetValueOrDefault(image);
                shares[image] = images.Count > 1 ? (shared + bytes, unique) : (shared, unique + bytes);
            }
        }

        return shares;
    }

    /// <summary>Every layer and blob with the images that name it.</summary>
    private static Dictionary<string, (HashSet<string> Images, long Bytes)> Owners(Session s)
    {
        var owners = new Dictionary<string, (HashSet<string> Images, long Bytes)>(StringComparer.Ordinal);
        void Own(string thing, string image, long bytes)
        {
            if (!owners.TryGetValue(thing, out var owner)) owners.Add(thing, owner = ([], bytes));
            owner.Images.Add(image);
        }

        foreach (var (image, key, bytes, blob, size) in s.Query(
            "SELECT i.image, i.diff_id, l.bytes, i.blob, i.size FROM image_layers i JOIN layers l USING (diff_id)",
            r => (r.GetString(0), r.GetString(1), r.GetInt64(2), r.GetString(3), r.GetInt64(4))))
        {
            Own(key, image, bytes);
            Own("blob " + blob, image, size);
        }

        return owners;
    }
}
