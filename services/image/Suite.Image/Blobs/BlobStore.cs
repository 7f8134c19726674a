using Suite.Linux.Errors;
using Suite.Linux.Storage;
using Suite.Oci.References;

namespace Suite.Image.Blobs;

/// <summary>
/// Compressed layers as files named by their digest. They are kept beside the unpacked layers because a push must send the very bytes
/// that the manifest names, and no compressor makes them again; what that costs on disk is what an image's size shows.
/// </summary>
internal sealed class BlobStore
{
    private readonly string _blobs;
    private readonly string _drafts;
    private readonly Dictionary<Digest, int> _held = [];

    public BlobStore(string root, TimeProvider time)
    {
        Begun = new BegunBlobs(Path.Combine(root, "blobs-begun"), time);
        _blobs = Path.Combine(root, "blobs");
        _drafts = Path.Combine(root, "blobs-tmp");
        Directory.CreateDirectory(Path.Combine(_blobs, "sha256"));
        Directory.CreateDirectory(Path.Combine(_blobs, "sha512"));
        Directory.CreateDirectory(_drafts);
    }

    /// <summary>What transfers that were cut off have left.</summary>
    public BegunBlobs Begun { get; }

    /// <summary>Keeps blobs from being removed until the answer is disposed, whether they are there yet or not.</summary>
    public IDisposable Hold(IReadOnlyCollection<Digest> digests)
    {
        lock (_held)
        {
            foreach (var digest in digests) _held[digest] = _held.GetValueOrDefault(digest) + 1;
        }

        return new BlobHold(this, digests);
    }

    public bool IsHeld(Digest digest)
    {
        lock (_held) return _held.ContainsKey(digest);
    }

    internal void Release(IReadOnlyCollection<Digest> digests)
    {
        lock (_held)
        {
            foreach (var digest in digests)
                if (--_held[digest] == 0) _held.Remove(digest);
        }
    }

    public bool Has(Digest digest) => File.Exists(PathOf(digest));

    public long SizeOf(Digest digest) => new FileInfo(PathOf(digest)).Length;

    public FileStream Open(Digest digest)
    {
        try
        {
            return new FileStream(PathOf(digest), FileMode.Open, FileAccess.Read, FileShare.Read | FileShare.Delete, 128 * 1024, FileOptions.SequentialScan);
        }
        catch (FileNotFoundException e)
        {
            throw new SuiteException(ErrorKind.Corrupt, $"The layer {digest} is missing from {_blobs}: pull or build the image again.", e);
        }
    }

    public BlobDraft Create() => new(this, Path.Combine(_drafts, Guid.NewGuid().ToString("N")), FileMode.CreateNew, () => { });

    /// <summary>A draft that begins with what an earlier transfer of the blob has left, and may be left for a later one.</summary>
    public BlobDraft CreateOrContinue(Digest digest)
    {
        if (Begun.Claim(digest) is not { } path) return Create();
        try
        {
            return new BlobDraft(this, path, FileMode.OpenOrCreate, () => Begun.Release(digest));
        }
        catch
        {
            Begun.Release(digest);
            throw;
        }
    }

    /// <summary>Returns when these blobs are on the disk, names included. Those that are not here are left out.</summary>
    public void Sync(IReadOnlyCollection<Digest> digests)
    {
        var here = digests.Where(Has).ToArray();
        TreeFlush.Flush([.. here.Select(PathOf)]);
        foreach (var folder in here.Select(d => Path.GetDirectoryName(PathOf(d))!).Distinct()) DirectoryFlush.Flush(folder);
    }

    public void Remove(Digest digest) => File.Delete(PathOf(digest));

    /// <summary>Takes a blob away that no image names, for a pull that may come again.</summary>
    public void SetAside(Digest digest)
    {
        if (Has(digest)) Begun.Take(PathOf(digest), digest);
    }

    /// <summary>Removes drafts of a killed process, and sets blobs aside that no image names.</summary>
    public void Recover(IReadOnlySet<string> known)
    {
        foreach (var draft in Directory.EnumerateFiles(_drafts)) File.Delete(draft);
        foreach (var folder in Directory.EnumerateDirectories(_blobs))
        {
            foreach (var file in Directory.EnumerateFiles(folder))
            {
                var name = $"{Path.GetFileName(folder)}:{Path.GetFileName(file)}";
                if (known.Contains(name)) continue;
                if (Digest.TryParse(name, out var digest)) SetAside(digest);
                else File.Delete(file);
            }
        }

        Begun.Sweep();
    }

    internal string PathOf(Digest digest) => Path.Combine(_blobs, digest.AlgorithmName, digest.Hex);
}
