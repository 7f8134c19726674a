using Suite.Graph.V1;
using Suite.Image.Images;
using Suite.Image.Records;

namespace Suite.Image.Endpoints;

/// <summary>Answers of Prune and DiskUsage.</summary>
internal static class UsageMapping
{
    public static PruneResponse ToMessage(Pruned pruned)
    {
        var response = new PruneResponse { ReclaimedBytes = (ulong)pruned.Bytes };
        response.Untagged.AddRange(pruned.Untagged.Select(n => Oci.References.Reference.Parse(n).Familiar));
        response.Deleted.AddRange(pruned.Deleted);
        return response;
    }

    public static DiskUsageResponse ToMessage(ImageDatabase database, FilesystemUsage usage) => database.Read(s =>
    {
        var images = ImageQueries.All(s);
        var roots = s.Query("SELECT image, count(*) FROM rootfs WHERE state = 'created' GROUP BY image", r => (Image: r.GetString(0), Count: r.GetInt64(1)))
            .ToDictionary(r => r.Image, r => r.Count);
        var shares = UsageQueries.Shares(s);
        var unused = images.Select(i => i.Id.ToString()).Where(id => !roots.ContainsKey(id)).ToHashSet();
        var count = (ulong)roots.Values.Sum();
        var response = new DiskUsageResponse
        {
            Images = new DiskShare
            {
                Count = (ulong)images.Count, Active = (ulong)(images.Count - unused.Count), Bytes = UsageQueries.Images(s).Bytes,
                ReclaimableBytes = (ulong)UsageQueries.FreedBy(s, unused),
            },
            // Which of them a process uses is the runtime's to know.
            Rootfs = new DiskShare { Count = count, Active = count, Bytes = usage.Containers().UsedBytes.Value },
        };
        foreach (var image in images)
        {
            var (shared, unique) = shares.GetValueOrDefault(image.Id.ToString());
            response.ImageUsages.Add(new ImageUsage
            {
                Image = GraphMapping.ToInfo(image), SharedBytes = (ulong)shared, UniqueBytes = (ulong)unique,
                Rootfs = (uint)roots.GetValueOrDefault(image.Id.ToString()),
            });
        }

        return response;
    });
}
