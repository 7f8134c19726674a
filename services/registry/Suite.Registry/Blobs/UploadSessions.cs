using System.Collections.Concurrent;
using Suite.Oci.References;
using Suite.Registry.Locks;

namespace Suite.Registry.Blobs;

/// <summary>
/// Uploads between their requests. Each stays open with its running hash; one that lies idle is closed, and hashed again from disk if
/// its client comes back, as after a restart.
/// </summary>
internal sealed class UploadSessions(IBlobStore store, TimeProvider time) : IDisposable
{
    private static readonly TimeSpan IdleLimit = TimeSpan.FromMinutes(5);

    private readonly KeyedLock<UploadKey> _turns = new();
    private readonly ConcurrentDictionary<UploadKey, Open> _open = new();

    /// <summary>Begins an upload and gives the caller its turn.</summary>
    public async ValueTask<Turn> BeginAsync(string repository, DigestAlgorithm algorithm, CancellationToken cancellationToken)
    {
        var key = UploadKey.New(repository, algorithm);
        var holder = await _turns.EnterAsync(key, cancellationToken).ConfigureAwait(false);
        try
        {
            return new Turn(this, key, store.Create(key), holder);
        }
        catch
        {
            holder.Dispose();
            throw;
        }
    }

    /// <summary>Waits for the upload's turn. Null when there is no such upload.</summary>
    public async ValueTask<Turn?> ContinueAsync(UploadKey key, CancellationToken cancellationToken)
    {
        var holder = await _turns.EnterAsync(key, cancellationToken).ConfigureAwait(false);
        try
        {
            var upload = _open.TryRemove(key, out var open)
                ? open.Upload
                : await store.ReopenAsync(key, cancellationToken).ConfigureAwait(false);
            if (upload is not null)
                return new Turn(this, key, upload, holder);
            holder.Dispose();
            return null;
        }
        catch
        {
            holder.Dispose();
            throw;
        }
    }

    /// <summary>Closes what nobody has touched for a while, so that abandoned uploads do not hold descriptors.</summary>
    public void CloseIdle()
    {
        var limit = time.GetUtcNow() - IdleLimit;
        foreach (var (key, open) in _open)
        {
            // Whoever removes an entry owns it.
            if (open.Since < limit && _open.TryRemove(KeyValuePair.Create(key, open)))
                open.Upload.Dispose();
        }
    }

    public void Dispose()
    {
        foreach (var key in _open.Keys)
        {
            if (_open.TryRemove(key, out var open))
                open.Upload.Dispose();
        }
    }

    private sealed record Open(IBlobUpload Upload, DateTimeOffset Since);

    /// <summary>The right to use an upload, for the length of a request.</summary>
    internal sealed class Turn(UploadSessions sessions, UploadKey key, IBlobUpload upload, KeyedLock<UploadKey>.Holder holder) : IDisposable
    {
        private bool _ended;

        public UploadKey Key => key;

        public IBlobUpload Upload => upload;

        /// <summary>The upload has become a blob or was thrown away: it is not kept for a next request.</summary>
        public void End() => _ended = true;

        public void Dispose()
        {
            if (_ended)
                upload.Dispose();
            else
                sessions._open[key] = new Open(upload, sessions.Now);
            holder.Dispose();
        }
    }

    private DateTimeOffset Now => time.GetUtcNow();
}
