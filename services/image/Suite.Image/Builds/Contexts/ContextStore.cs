using Suite.Linux.Errors;
using Suite.Oci.References;

namespace Suite.Image.Builds.Contexts;

/// <summary>
/// Files of contexts by their digests, kept between builds, so that a context is sent once and then only what changed of it. A file that is
/// lost is sent again, so nothing here has to reach the disk; who reads one checks its digest.
/// </summary>
internal sealed class ContextStore
{
    private readonly string _files;
    private readonly string _drafts;
    private readonly TimeProvider _time;
    private readonly Dictionary<Digest, int> _held = [];

    /// <param name="folder">Its own.</param>
    public ContextStore(string folder, TimeProvider time)
    {
        _time = time;
        _files = Path.Combine(folder, "files");
        _drafts = Path.Combine(folder, "files-tmp");
        Directory.CreateDirectory(_files);
        Recover();
    }

    /// <summary>Drafts of a killed process.</summary>
    public void Recover()
    {
        Linux.Files.FileTree.Remove(_drafts);
        Directory.CreateDirectory(_drafts);
    }

    public bool Has(Digest digest) => File.Exists(PathOf(digest));

    public Stream Open(Digest digest)
    {
        try
        {
            return new FileStream(PathOf(digest), FileMode.Open, FileAccess.Read, FileShare.Read | FileShare.Delete, 0);
        }
        catch (IOException e) when (e is FileNotFoundException or DirectoryNotFoundException)
        {
            throw new SuiteException(ErrorKind.Corrupt, $"The content {digest} of a file of the context is missing: build again, and it is sent anew.", e);
        }
    }

    /// <summary>Reads whole what was kept; null when it is not here, or damaged and now gone.</summary>
    public byte[]? TryRead(Digest digest, int limit)
    {
        if (!Has(digest) || new FileInfo(PathOf(digest)).Length > limit) return null;
        var content = File.ReadAllBytes(PathOf(digest));
        if (Digest.Compute(content) == digest) return content;
        File.Delete(PathOf(digest));
        return null;
    }

    /// <summary>Reads it whole, and removes it when it is not what its name says.</summary>
    public void Check(Digest digest)
    {
        if (!Has(digest)) return;
        using var hasher = new DigestHasher(digest.Algorithm);
        using (var content = Open(digest))
        {
            var buffer = new byte[128 * 1024];
            int read;
            while ((read = content.Read(buffer)) > 0) hasher.Append(buffer.AsSpan(0, read));
        }

        if (hasher.Finish() != digest) File.Delete(PathOf(digest));
    }

    /// <summary>A file being written; its name is its content's digest once it is whole.</summary>
    public ContextDraft Create() => new(this, Path.Combine(_drafts, Guid.NewGuid().ToString("N")));

    /// <summary>Keeps files from being pruned until the answer is disposed.</summary>
    public IDisposable Hold(IReadOnlyCollection<Digest> digests)
    {
        lock (_held)
        {
            foreach (var digest in digests) _held[digest] = _held.GetValueOrDefault(digest) + 1;
        }

        // By its time a file says when it was last of use. From here on nobody removes it.
        var now = _time.GetUtcNow().UtcDateTime;
        foreach (var digest in digests)
            if (Has(digest)) File.SetLastWriteTimeUtc(PathOf(digest), now);
        return new Release(this, digests);
    }

    /// <summary>Every file that no build holds, the one longest out of use first.</summary>
    public IReadOnlyList<(string Path, long Size, DateTimeOffset Used)> Idle()
    {
        HashSet<string> held;
        lock (_held) held = [.. _held.Keys.Select(h => h.Hex)];
        return [.. new DirectoryInfo(_files).EnumerateFiles().Where(f => !held.Contains(f.Name)).OrderBy(f => f.LastWriteTimeUtc)
            .Select(f => (f.FullName, f.Length, new DateTimeOffset(f.LastWriteTimeUtc)))];
    }

    /// <summary>Removes a file unless a build has begun to use it.</summary>
    public void Remove(string path)
    {
        lock (_held)
        {
            if (!_held.Keys.Any(h => h.Hex == Path.GetFileName(path))) File.Delete(path);
        }
    }

    internal void Keep(string draft, Digest digest) => File.Move(draft, PathOf(digest), overwrite: true);

    private string PathOf(Digest digest) => Path.Combine(_files, digest.Hex);

    private sealed class Release(ContextStore store, IReadOnlyCollection<Digest> digests) : IDisposable
    {
        private int _disposed;

        public void Dispose()
        {
            if (Interlocked.Exchange(ref _disposed, 1) != 0) return;
            lock (store._held)
            {
                foreach (var digest in digests)
                    if (--store._held[digest] == 0) store._held.Remove(digest);
            }
        }
    }
}
