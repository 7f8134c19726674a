using Suite.Hosting.Databases;
using Suite.Oci.References;
using Suite.Registry.Catalog;

namespace Suite.Registry.Distribution;

/// <summary>Deletes a tag and leaves its manifest, or a manifest by digest with all its tags.</summary>
internal sealed class ManifestRemoval(Database database)
{
    public ValueTask RemoveAsync(string repository, string reference, CancellationToken cancellationToken) =>
        database.WriteAsync(
            session =>
            {
                var id = Repositories.Find(session, repository) ?? throw DistributionException.NoRepository(repository);
                var found = Digest.TryParse(reference, out var digest)
                    ? Manifests.Delete(session, id, digest)
                    : Tags.Delete(session, id, reference);
                if (!found)
                    throw DistributionException.NoManifest(repository, reference);
            },
            cancellationToken);
}
