using Microsoft.AspNetCore.Http;
using Suite.Hosting.Databases;
using Suite.Linux.Errors;
using Suite.Oci.Distribution;
using Suite.Oci.References;
using Suite.Registry.Blobs;
using Suite.Registry.Catalog;
using Suite.Registry.Garbage;
using Suite.Registry.Locks;
using Suite.Registry.Upstreams;

namespace Suite.Registry.Distribution;

/// <summary>GET, HEAD and DELETE of /v2/NAME/blobs/DIGEST.</summary>
internal sealed class BlobRequests(Database database, IBlobStore store, KeyedLock<Digest> digests, Renewals renewals, BlobCache cache, BlobSending sending)
{
    public async Task GetAsync(HttpContext http, string repository, Digest digest)
    {
        var found = await FindAsync(http, repository, digest).ConfigureAwait(false);
        using var coming = found is null && !HttpMethods.IsHead(http.Request.Method)
            ? await cache.OpenAsync(repository, digest, http.RequestAborted).ConfigureAwait(false)
            : null;
        var size = found ?? coming?.Length
            ?? (HttpMethods.IsHead(http.Request.Method) ? await cache.LengthAsync(repository, digest, http.RequestAborted).ConfigureAwait(false) : null)
            ?? throw DistributionException.NoBlob(repository, digest.ToString());
        var response = http.Response;
        response.Headers.AcceptRanges = "bytes";
        if (response.TagContent(digest))
            return;

        response.ContentType = "application/octet-stream";
        var range = ByteRange.Parse(http.Request.Headers.Range, size, out var satisfiable);
        if (!satisfiable)
        {
            response.Headers.ContentRange = $"bytes */{size}";
            await response.WriteErrorAsync(StatusCodes.Status416RangeNotSatisfiable, ErrorCode.SizeInvalid, $"the range lies outside of the {size} bytes of the blob").ConfigureAwait(false);
            return;
        }

        if (range is { } part)
        {
            response.StatusCode = StatusCodes.Status206PartialContent;
            response.Headers.ContentRange = $"bytes {part.First}-{part.Last}/{size}";
        }

        response.ContentLength = range?.Length ?? size;
        if (!HttpMethods.IsHead(http.Request.Method))
        {
            using var stored = coming is null ? OpenStored(repository, digest) : null;
            await sending.SendAsync(http, digest, coming ?? stored!, range?.First ?? 0, range?.Length ?? size, coming is not null).ConfigureAwait(false);
        }
    }

    /// <summary>
    /// A HEAD is how a client decides not to push what is there: from now on it has the grace to push the manifest. Under the lock, so
    /// that the collector either sees the renewal or has removed the blob before the answer.
    /// </summary>
    private async ValueTask<long?> FindAsync(HttpContext http, string repository, Digest digest)
    {
        if (!HttpMethods.IsHead(http.Request.Method))
            return database.Read(session => BlobLinks.Find(session, repository, digest));
        using var held = await digests.EnterAsync(digest, http.RequestAborted).ConfigureAwait(false);
        var size = database.Read(session => BlobLinks.Find(session, repository, digest));
        if (size is not null)
            renewals.Renew(digest);
        return size;
    }

    public async Task DeleteAsync(HttpContext http, string repository, Digest digest)
    {
        // The lock keeps a push or a mount of the same content from slipping between the commit and the removal of the file.
        using (await digests.EnterAsync(digest, http.RequestAborted).ConfigureAwait(false))
        {
            var last = await database.WriteAsync(session => Unlink(session, repository, digest), http.RequestAborted).ConfigureAwait(false);
            if (last)
                store.Delete(digest);
        }

        http.Response.StatusCode = StatusCodes.Status202Accepted;
    }

    private static bool Unlink(Session session, string repository, Digest digest)
    {
        var id = Repositories.Find(session, repository) ?? throw DistributionException.NoRepository(repository);
        if (!BlobLinks.IsLinked(session, id, digest))
            throw DistributionException.NoBlob(repository, digest.ToString());
        if (BlobLinks.IsReferenced(session, id, digest))
            throw new DistributionException(ErrorKind.FailedPrecondition, ErrorCode.Denied, $"a manifest of {repository} needs blob {digest}: delete the manifest first");
        return BlobLinks.Remove(session, id, digest);
    }

    private IBlobContent OpenStored(string repository, Digest digest) => store.Open(digest)
        ?? throw new SuiteException(ErrorKind.Corrupt, $"the content of blob {digest} of {repository} is missing from the store: push it again");
}
