using Suite.Hosting;
using Suite.Image.Graph.Drivers;
using Suite.Image.Records;
using Suite.Linux.Errors;
using Suite.Linux.Files;
using Cri = Runtime.V1;

namespace Suite.Image.Endpoints;

/// <summary>What images and containers take on disk. Images are in the records; walking containers takes long and kubelet asks every ten seconds, so that answer is kept a while.</summary>
internal sealed class FilesystemUsage(SuitePaths paths, IGraphDriver driver, ImageDatabase database, TimeProvider time)
{
    private static readonly TimeSpan Kept = TimeSpan.FromSeconds(10);

    private readonly Lock _walk = new();
    private (long At, TreeUsage Usage)? _containers;

    public Cri.FilesystemUsage Images()
    {
        return Answer(database.Read(UsageQueries.Images));
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
