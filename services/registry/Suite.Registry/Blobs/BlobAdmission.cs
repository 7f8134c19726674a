using Suite.Hosting.Databases;
using Suite.Oci.References;
using Suite.Registry.Catalog;
using Suite.Registry.Locks;
using Suite.Registry.Measurements;

namespace Suite.Registry.Blobs;

/// <summary>How a blob gets into a repository: as the end of an upload, or by mounting what another repository has.</summary>
internal sealed class BlobAdmission(Database database, KeyedLock<Digest> digests, RegistryMetrics metrics, TimeProvider time)
{
    /// <summary>Ends an upload. False when its content does not have the digest.</summary>
    public async ValueTask<bool> AdmitAsync(string repository, UploadSessions.Turn turn, Digest digest, CancellationToken cancellationToken)
    {
        using var held = await digests.EnterAsync(digest, cancellationToken).ConfigureAwait(false);
        var size = turn.Upload.Length;
        // File first, record second: a crash in between leaves a file that nobody sees, never a record without its file.
        var genuine = await turn.Upload.CommitAsync(digest, cancellationToken).ConfigureAwait(false);
        turn.End();
        if (genuine)
            await database.WriteAsync(session => BlobLinks.Add(session, repository, digest, size, time.GetUtcNow().ToUnixNanoseconds()), cancellationToken).ConfigureAwait(false);
        if (genuine)
            metrics.Received(size);
        return genuine;
    }

    /// <summary>False when <paramref name="from"/>, or with none given any repository that the caller may see, does not have the blob.</summary>
    public async ValueTask<bool> MountAsync(string repository, Digest digest, string? from, Func<string, bool> maySee, CancellationToken cancellationToken)
    {
        using var held = await digests.EnterAsync(digest, cancellationToken).ConfigureAwait(false);
        return await database.WriteAsync(
            session =>
            {
                var source = string.IsNullOrEmpty(from) ? BlobLinks.Holders(session, digest).FirstOrDefault(maySee) : maySee(from) ? from : null;
                if (source is null || BlobLinks.Find(session, source, digest) is not { } size)
                    return false;
                BlobLinks.Add(session, repository, digest, size, time.GetUtcNow().ToUnixNanoseconds());
                return true;
            },
            cancellationToken).ConfigureAwait(false);
    }
}
