using System.Buffers;
using System.Runtime.CompilerServices;
using Suite.Hosting.Databases;
using Suite.Oci.References;
using Suite.Registry.Blobs;
using Suite.Registry.Catalog;
using Suite.Registry.Upstreams;

namespace Suite.Registry.Administration;

/// <summary>What is wrong with something that is stored.</summary>
internal sealed record StoreProblem(string Repository, Digest Digest, string Description);

/// <summary>
/// Reads everything again and compares it with its digest. Takes no lock: it goes through pages of records, and what is pushed or
/// deleted meanwhile is looked up once more before it counts as a problem.
/// </summary>
internal sealed class StoreVerification(Database database, IBlobStore store, UpstreamClients upstreams, TimeProvider time)
{
    private const int PageSize = 256;
    private const int ReadSize = 1 << 20;

    /// <param name="bytesPerSecond">How fast it reads at most; 0: as fast as it can.</param>
    /// <param name="cancellationToken">Ends it between two reads.</param>
    public async IAsyncEnumerable<StoreProblem> RunAsync(long bytesPerSecond, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        var pace = new ReadingPace(bytesPerSecond, time);
        for (var last = ""; database.Read(session => BlobLinks.Page(session, last, PageSize)) is { Count: > 0 } page; last = page[^1].Digest.ToString())
        {
            foreach (var (repository, digest, size) in page)
            {
                var wrong = await CheckBlobAsync(digest, size, pace, cancellationToken).ConfigureAwait(false);
                if (wrong is not null && database.Read(session => BlobLinks.FindAnywhere(session, digest)) is not null)
                    yield return new StoreProblem(repository, digest, wrong);
            }
        }

        long row = 0;
        while (database.Read(session => Manifests.Page(session, row, PageSize)) is { Count: > 0 } page)
        {
            foreach (var (_, repository, manifest) in page)
            {
                if (Digest.Compute(manifest.Content, manifest.Digest.Algorithm) != manifest.Digest)
                    yield return new StoreProblem(repository, manifest.Digest, "the manifest does not have its digest: push it again");
                // A copy of an upstream's image is fetched as far as somebody asked for it.
                if (upstreams.Find(repository) is not null)
                    continue;
                foreach (var missing in database.Read(session => Manifests.Missing(session, repository, manifest.Digest)))
                    yield return new StoreProblem(repository, missing, $"manifest {manifest.Digest} refers to it and it is missing: push it again");
            }

            row = page[^1].Row;
        }
    }

    private async ValueTask<string?> CheckBlobAsync(Digest digest, long size, ReadingPace pace, CancellationToken cancellationToken)
    {
        using var content = store.Open(digest);
        if (content is null)
            return "the content is missing: push it again";
        if (content.Length != size)
            return $"the content has {content.Length} bytes instead of {size}: push it again";

        using var hasher = new DigestHasher(digest.Algorithm);
        var buffer = ArrayPool<byte>.Shared.Rent(ReadSize);
        try
        {
            long position = 0;
            int read;
            while ((read = await content.ReadAsync(buffer, position, cancellationToken).ConfigureAwait(false)) > 0)
            {
                hasher.Append(buffer.AsSpan(0, read));
                position += read;
                await pace.KeepAsync(read, cancellationToken).ConfigureAwait(false);
            }
        }
        catch (IOException e)
        {
            return $"the content cannot be read ({e.Message}): check the disk, then push it again";
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(buffer);
        }

        return hasher.Finish() == digest ? null : "the content does not have its digest: push it again";
    }
}
