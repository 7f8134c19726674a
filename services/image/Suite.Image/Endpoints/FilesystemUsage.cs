using Suite.Hosting;
using Suite.Image.Graph.Drivers;
using Suite.Image.Records;
using Suite.Linux.Errors;
using Suite.Linux.Files;
using Cri = Runtime.V1;

namespace Suite.Image.Endpoints;

/// <summary>What images and containers take on disk. Walking them takes long and kubelet asks every ten seconds, so answers are kept a while.</summary>
internal sealed class FilesystemUsage(SuitePaths paths, IGraphDriver driver, ImageDatabase database, TimeProvider time)
{
    private static readonly TimeSpan Kept = TimeSpan.FromSeconds(10);

    private readonly Lock _walk = new();
    private readonly Dictionary<string, TreeUsage> _layers = [];
    private (long At, TreeUsage Usage)? _images;
    private (long At, TreeUsage Usage)? _containers;

    public Cri.FilesystemUsage Images()
    {
        lock (_walk) return Answer(Fresh(ref _images, MeasureImages));
    }

    public Cri.FilesystemUsage Containers()
    {
        lock (_walk) return Answer(Fresh(ref _containers, MeasureContainers));
    }

    private TreeUsage Fresh(ref (long At, TreeUsage Usage)? kept, Func<TreeUsage> measure)
    {
        if (kept is not { } last || time.GetElapsedTime(last.At) > Kept) kept = last = (time.GetTimestamp(), measure());
        return last.Usage;
    }

    private TreeUsage MeasureImages()
    {
        // A committed layer never changes: it is walked once.
        var ids = driver.ListLayers();
        foreach (var id in ids) if (!_layers.ContainsKey(id)) _layers[id] = driver.LayerUsage(id);
        foreach (var gone in _layers.Keys.Except(ids).ToArray()) _layers.Remove(gone);
        var blobs = database.Read(s => (
            Bytes: (ulong)s.Count("SELECT sum(size) FROM (SELECT DISTINCT blob, size FROM image_layers)"),
            Count: (ulong)s.Count("SELECT count(DISTINCT blob) FROM image_layers")));
        return _layers.Values.Append(new TreeUsage(blobs.Bytes, blobs.Count)).Aggregate((a, b) => new TreeUsage(a.Bytes + b.Bytes, a.Inodes + b.Inodes));
    }

    private TreeUsage MeasureContainers() =>
        driver.ListRootfs().Select(RootfsUsage).Aggregate(default(TreeUsage), (a, b) => new TreeUsage(a.Bytes + b.Bytes, a.Inodes + b.Inodes));

    /// <summary>Containers come and go while the others are walked; one that is gone takes nothing.</summary>
    private TreeUsage RootfsUsage(string key)
    {
        try
        {
            return driver.RootfsUsage(key);
        }
        catch (SuiteException e) when (e.Kind == ErrorKind.NotFound)
        {
            return default;
        }
    }

    private Cri.FilesystemUsage Answer(TreeUsage usage) => new()
    {
        Timestamp = (time.GetUtcNow() - DateTimeOffset.UnixEpoch).Ticks * 100,
        FsId = new Cri.FilesystemIdentifier { Mountpoint = paths.StateDirectory("image") },
        UsedBytes = new Cri.UInt64Value { Value = usage.Bytes },
        InodesUsed = new Cri.UInt64Value { Value = usage.Inodes },
    };
}
