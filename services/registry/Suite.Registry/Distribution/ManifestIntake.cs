using Suite.Hosting.Databases;
using Suite.Linux.Errors;
using Suite.Oci.Distribution;
using Suite.Registry.Catalog;

namespace Suite.Registry.Distribution;

/// <summary>Stores a manifest with its tags in one commit, once all that it refers to is in the repository.</summary>
internal sealed class ManifestIntake(Database database, TimeProvider time)
{
    public ValueTask StoreAsync(string repository, StoredManifest manifest, IReadOnlyList<string> tags, CancellationToken cancellationToken) =>
        database.WriteAsync(
            session =>
            {
                var now = time.GetUtcNow().ToUnixNanoseconds();
                var id = Repositories.Ensure(session, repository);
                foreach (var digest in manifest.References)
                {
                    if (!BlobLinks.IsLinked(session, id, digest) && !Manifests.Has(session, id, digest))
                    {
                        throw new DistributionException(
                            ErrorKind.InvalidArgument, ErrorCode.ManifestBlobUnknown, $"the manifest refers to {digest}, which {repository} does not have: push that first");
                    }
                }

                Manifests.Put(session, id, manifest, now);
                foreach (var tag in tags)
                    Tags.Set(session, id, tag, manifest.Digest, now);
            },
            cancellationToken);
}
