using System.Collections.Concurrent;
using Suite.Oci.References;

namespace Suite.Registry.Garbage;

/// <summary>
/// When a client last asked whether a blob is there. Kept in memory: the start of the service counts as a renewal of everything, so
/// nothing is lost with it, and a question costs no write to the disk.
/// </summary>
internal sealed class Renewals(TimeProvider time)
{
    private readonly ConcurrentDictionary<Digest, DateTimeOffset> _asked = new();
    private readonly DateTimeOffset _start = time.GetUtcNow();

    public void Renew(Digest digest) => _asked[digest] = time.GetUtcNow();

    public bool IsSince(Digest digest, DateTimeOffset limit) =>
        _start > limit || (_asked.TryGetValue(digest, out var asked) && asked > limit);

    /// <summary>Forgets what is too old to matter.</summary>
    public void ForgetBefore(DateTimeOffset limit)
    {
        foreach (var entry in _asked)
        {
            if (entry.Value <= limit)
                _asked.TryRemove(entry);
        }
    }
}
