using Suite.Image.Builds.Cache;
using Suite.Linux.Files;
using Suite.Oci.References;

namespace Suite.Image.Builds.Runs;

/// <summary>Folders of --mount=type=cache: they outlive builds, and are no part of any layer.</summary>
internal sealed class CacheMounts
{
    private readonly string _folder;
    private readonly TimeProvider _time;
    private readonly KeyedGates _gates = new();
    private readonly Dictionary<string, int> _used = new(StringComparer.Ordinal);

    public CacheMounts(string folder, TimeProvider time)
    {
        (_folder, _time) = (Path.Combine(folder, "mounts"), time);
        Directory.CreateDirectory(_folder);
    }

    /// <param name="prepare">Fills a folder that is new.</param>
    public async Task<Lease> TakeAsync(Digest id, CacheSharing sharing, Func<string, Task> prepare, CancellationToken cancellationToken)
    {
        var turn = sharing == CacheSharing.Locked ? await _gates.EnterAsync(id, cancellationToken).ConfigureAwait(false) : null;
        var path = Claim(id, sharing);
        try
        {
            if (!Directory.Exists(path))
            {
                var draft = $"{path}.new-{Guid.NewGuid():N}";
                Directory.CreateDirectory(draft);
                await prepare(draft).ConfigureAwait(false);
                // Another build may have been quicker: its folder is as good.
                if (Directory.Exists(path)) FileTree.Remove(draft);
                else Directory.Move(draft, path);
            }

            Directory.SetLastWriteTimeUtc(path, _time.GetUtcNow().UtcDateTime);
            return new Lease(this, path, turn);
        }
        catch
        {
            Release(path);
            turn?.Dispose();
            throw;
        }
    }

    /// <summary>Those that no build uses, the one longest out of use first.</summary>
    public IReadOnlyList<(string Path, long Size, DateTimeOffset Used)> Idle()
    {
        lock (_used)
        {
            return [.. new DirectoryInfo(_folder).EnumerateDirectories().Where(d => !_used.ContainsKey(d.FullName)).OrderBy(d => d.LastWriteTimeUtc)
                .Select(d => (d.FullName, (long)FileTree.Usage(d.FullName).Bytes, new DateTimeOffset(d.LastWriteTimeUtc)))];
        }
    }

    /// <summary>Removes a folder unless a build has begun to use it.</summary>
    public void Remove(string path)
    {
        var trash = path + ".old";
        lock (_used)
        {
            if (_used.ContainsKey(path) || !Directory.Exists(path)) return;
            Directory.Move(path, trash);
        }

        FileTree.Remove(trash);
    }

    /// <summary>Halves of a killed process.</summary>
    public void Recover()
    {
        foreach (var folder in Directory.EnumerateDirectories(_folder).Where(f => Path.GetFileName(f).Contains('.', StringComparison.Ordinal))) FileTree.Remove(folder);
    }

    private string Claim(Digest id, CacheSharing sharing)
    {
        lock (_used)
        {
            for (var copy = 0; ; copy++)
            {
                var path = Path.Combine(_folder, copy == 0 ? id.Hex : $"{id.Hex}-{copy}");
                if (sharing == CacheSharing.Private && _used.ContainsKey(path)) continue;
                _used[path] = _used.GetValueOrDefault(path) + 1;
                return path;
            }
        }
    }

    private void Release(string path)
    {
        lock (_used)
        {
            if (--_used[path] == 0) _used.Remove(path);
        }
    }

    /// <summary>A folder in use.</summary>
    internal sealed class Lease(CacheMounts mounts, string path, IDisposable? turn) : IDisposable
    {
        public string Path { get; } = path;

        public void Dispose()
        {
            mounts.Release(Path);
            turn?.Dispose();
        }
    }
}
