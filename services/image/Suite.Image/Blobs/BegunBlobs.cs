using Suite.Oci.References;

namespace Suite.Image.Blobs;

/// <summary>
/// What came of large blobs before a transfer was cut off, by a deadline, a broken line or the end of the service: the next pull goes
/// on from there (docs/adr/0049). Nothing here is verified, and a power cut may have changed it: who uses it checks the whole. It is
/// bounded in age and size, as nobody may ever come back for it.
/// </summary>
internal sealed class BegunBlobs
{
    /// <summary>Less is quicker fetched again than looked after.</summary>
    public const long WorthKeeping = 4 << 20;

    private const long MaxBytes = 10L << 30;
    private static readonly TimeSpan MaxAge = TimeSpan.FromDays(1);

    private readonly string _folder;
    private readonly TimeProvider _time;
    private readonly HashSet<string> _used = [];

    public BegunBlobs(string folder, TimeProvider time)
    {
        (_folder, _time) = (folder, time);
        Directory.CreateDirectory(folder);
    }

    /// <summary>The file of a blob for one transfer alone, until it is released. Null when another one has it.</summary>
    public string? Claim(Digest digest)
    {
        lock (_used) return _used.Add(NameOf(digest)) ? PathOf(digest) : null;
    }

    public void Release(Digest digest)
    {
        lock (_used)
        {
            _used.Remove(NameOf(digest));
            Sweep(MaxAge, MaxBytes);
        }
    }

    /// <summary>Takes over a blob that is complete and that no image names.</summary>
    public void Take(string path, Digest digest)
    {
        lock (_used)
        {
            if (_used.Contains(NameOf(digest)) || new FileInfo(path).Length < WorthKeeping) File.Delete(path);
            else File.Move(path, PathOf(digest), overwrite: true);
        }
    }

    /// <summary>Removes what there is of some blobs, unless another transfer is at it.</summary>
    public void Forget(IEnumerable<Digest> digests)
    {
        lock (_used)
        {
            foreach (var digest in digests.Where(d => !_used.Contains(NameOf(d)))) File.Delete(PathOf(digest));
        }
    }

    /// <summary>Removes what is too old or too much.</summary>
    public void Sweep()
    {
        lock (_used) Sweep(MaxAge, MaxBytes);
    }

    /// <summary>Removes all that is not in use.</summary>
    /// <returns>Bytes that went, or would go.</returns>
    public long Clear(bool dryRun)
    {
        lock (_used) return dryRun ? Unused().Sum(f => f.Length) : Sweep(TimeSpan.MinValue, 0);
    }

    private long Sweep(TimeSpan age, long bytes)
    {
        long removed = 0, kept = 0;
        foreach (var file in Unused().OrderByDescending(f => f.LastWriteTimeUtc))
        {
            if (_time.GetUtcNow() - file.LastWriteTimeUtc <= age && file.Length >= WorthKeeping && kept + file.Length <= bytes)
            {
                kept += file.Length;
                continue;
            }

            removed += file.Length;
            file.Delete();
        }

        return removed;
    }

    private IEnumerable<FileInfo> Unused() => new DirectoryInfo(_folder).EnumerateFiles().Where(f => !_used.Contains(f.Name)).ToArray();

    private string PathOf(Digest digest) => Path.Combine(_folder, NameOf(digest));

    private static string NameOf(Digest digest) => $"{digest.AlgorithmName}-{digest.Hex}";
}
