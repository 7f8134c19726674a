using System.Collections.Concurrent;
using Suite.Hosting.Databases;
using Suite.Oci.References;
using Suite.Registry.Catalog;

namespace Suite.Registry.Garbage;

/// <summary>
/// When each manifest was last pulled. Noted in memory and written once in a while, all in one commit: a pull costs no write to the disk,
/// and a crash forgets a minute of them.
/// </summary>
internal sealed class Pulls(Database database, TimeProvider time)
{
    private readonly ConcurrentDictionary<(string Repository, Digest Digest), long> _noted = new();

    public void Note(string repository, Digest digest) => _noted[(repository, digest)] = time.GetUtcNow().ToUnixNanoseconds();

    public async ValueTask WriteAsync(CancellationToken cancellationToken)
    {
        var noted = _noted.ToArray();
        if (noted.Length == 0)
            return;
        await database.WriteAsync(
            session =>
            {
                foreach (var ((repository, digest), at) in noted)
                    Manifests.MarkPulled(session, repository, digest, at);
            },
            cancellationToken).ConfigureAwait(false);
        foreach (var entry in noted)
            _noted.TryRemove(entry); // unless it was pulled once more meanwhile
    }
}
