using Suite.Image.Blobs;
using Suite.Image.Records;
using Suite.Linux.Errors;
using Suite.Oci.Images;

namespace Suite.Image.Images;

/// <summary>A manifest of an image whose layers are the blobs kept here: another one may name the same layers compressed otherwise.</summary>
internal static class CompleteManifest
{
    /// <param name="blobs">Those of the image are held.</param>
    public static (NewManifest Manifest, IReadOnlyList<Descriptor> Layers) Find(BlobStore blobs, IEnumerable<NewManifest> manifests, string name)
    {
        var (manifest, layers) = manifests
            .Select(m => (Manifest: m, Oci.Images.Manifest.Parse(m.Content, $"manifest of {name}").Layers))
            .FirstOrDefault(m => m.Layers.All(l => blobs.Has(l.Digest)));
        return manifest is not null
            ? (manifest, layers)
            : throw new SuiteException(ErrorKind.Corrupt, $"The layers of {name} are incomplete here: pull or build it again.");
    }
}
