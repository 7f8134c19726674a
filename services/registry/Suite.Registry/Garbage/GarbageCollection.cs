using System.Runtime.CompilerServices;
using Suite.Hosting.Databases;
using Suite.Oci.References;
using Suite.Registry.Blobs;
using Suite.Registry.Catalog;
using Suite.Registry.Locks;
using Suite.Registry.Measurements;

namespace Suite.Registry.Garbage;

/// <summary>
/// Removes what the rules no longer keep and what nothing leads to, while pushes and pulls go on: a repository at a time, in transactions
/// of one step, with the lock of one digest. What is found is looked at once more under that lock before it goes.
/// </summary>
internal sealed class GarbageCollection(
    Database database, IBlobStore store, KeyedLock<Digest> digests, Renewals renewals, Pulls pulls, RetentionPlan retention, RegistryMetrics metrics, TimeProvider time) : IDisposable
{
    private const int PageSize = 256;

    // One at a time: two would do the same work twice.
    private readonly SemaphoreSlim _turn = new(1, 1);

    public void Dispose() => _turn.Dispose();

    /// <param name="grace">How old content must be.</param>
    /// <param name="dryRun">Only tells what would go. What goes as a consequence of that is not foreseen.</param>
    public async IAsyncEnumerable<GarbageItem> RunAsync(TimeSpan grace, bool dryRun, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        await _turn.WaitAsync(cancellationToken).ConfigureAwait(false);
        try
        {
            var limit = time.GetUtcNow() - grace;
            renewals.ForgetBefore(limit);
            await pulls.WriteAsync(cancellationToken).ConfigureAwait(false);
            long last = 0;
            while (database.Read(session => Unneeded.Repositories(session, last, PageSize)) is { Count: > 0 } page)
            {
                foreach (var (id, name) in page)
                {
                    await foreach (var item in SweepAsync(id, name, limit, dryRun, cancellationToken).ConfigureAwait(false))
                        yield return Counted(item, dryRun);
                }

                last = page[^1].Id;
            }

            await foreach (var item in SweepContentAsync(limit, dryRun, cancellationToken).ConfigureAwait(false))
                yield return Counted(item, dryRun);
        }
        finally
        {
            _turn.Release();
        }
    }

    private GarbageItem Counted(GarbageItem item, bool dryRun)
    {
        if (!dryRun)
            metrics.Collected(item.Kind.ToString().ToLowerInvariant(), item.Bytes);
        return item;
    }

    private async IAsyncEnumerable<GarbageItem> SweepAsync(
        long id, string name, DateTimeOffset limit, bool dryRun, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        foreach (var tag in retention.Expired(name, database.Read(session => Tags.List(session, id)), time.GetUtcNow()))
        {
            if (dryRun || await database.WriteAsync(session => Tags.DeleteUnchanged(session, id, tag), cancellationToken).ConfigureAwait(false))
                yield return new GarbageItem(GarbageKind.Tag, name, tag.Name, 0);
        }

        var before = limit.ToUnixNanoseconds();
        var manifests = retention.KeepsUntagged(name) ? [] : database.Read(session => Unneeded.Manifests(session, id, before));
        foreach (var (digest, size) in manifests)
        {
            if (await RemoveManifestAsync(id, digest, limit, dryRun, cancellationToken).ConfigureAwait(false))
                yield return new GarbageItem(GarbageKind.Manifest, name, digest.ToString(), size);
        }

        foreach (var (digest, size) in database.Read(session => Unneeded.Blobs(session, id, before)))
        {
            if (await RemoveBlobAsync(id, digest, limit, dryRun, cancellationToken).ConfigureAwait(false) is { } freed)
                yield return new GarbageItem(GarbageKind.Blob, name, digest.ToString(), freed ? size : 0);
        }

        if (!dryRun)
            await database.WriteAsync(session => Unneeded.DropIfEmpty(session, id), cancellationToken).ConfigureAwait(false);
    }

    /// <summary>Found once more and deleted in one transaction: a tag set in between would otherwise go with its manifest.</summary>
    private async ValueTask<bool> RemoveManifestAsync(long repository, Digest digest, DateTimeOffset limit, bool dryRun, CancellationToken cancellationToken)
    {
        using var held = await digests.EnterAsync(digest, cancellationToken).ConfigureAwait(false);
        if (renewals.IsSince(digest, limit))
            return false;
        return dryRun || await database.WriteAsync(
            session => Unneeded.Manifests(session, repository, limit.ToUnixNanoseconds()).Any(manifest => manifest.Digest == digest)
                && Manifests.Delete(session, repository, digest),
            cancellationToken).ConfigureAwait(false);
    }

    /// <summary>Null when it is needed after all; otherwise whether its content went, or would go, too.</summary>
    private async ValueTask<bool?> RemoveBlobAsync(long repository, Digest digest, DateTimeOffset limit, bool dryRun, CancellationToken cancellationToken)
    {
        using var held = await digests.EnterAsync(digest, cancellationToken).ConfigureAwait(false);
        if (renewals.IsSince(digest, limit))
            return null;
        if (dryRun)
            return database.Read(session => BlobLinks.Holders(session, digest)).Count <= 1;
        var removed = await database.WriteAsync<bool?>(
            session => Unneeded.IsBlob(session, repository, digest, limit.ToUnixNanoseconds()) ? BlobLinks.Remove(session, repository, digest) : null,
            cancellationToken).ConfigureAwait(false);
        if (removed == true)
            store.Delete(digest);
        return removed;
    }

    /// <summary>Files that a crash between rename and commit, or between commit and removal, left without a record.</summary>
    private async IAsyncEnumerable<GarbageItem> SweepContentAsync(DateTimeOffset limit, bool dryRun, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        foreach (var (digest, length, written) in store.List())
        {
            cancellationToken.ThrowIfCancellationRequested();
            if (written > limit || renewals.IsSince(digest, limit) || database.Read(session => BlobLinks.IsStored(session, digest)))
                continue;
            using var held = await digests.EnterAsync(digest, cancellationToken).ConfigureAwait(false);
            if (database.Read(session => BlobLinks.IsStored(session, digest)))
                continue;
            if (!dryRun)
                store.Delete(digest);
            yield return new GarbageItem(GarbageKind.Content, "", digest.ToString(), length);
        }
    }
}
