using Suite.Linux.Files;
using Suite.Oci.Images;
using Suite.Oci.References;

namespace Suite.Image.Records;

/// <summary>An image as it is stored.</summary>
/// <param name="Id">Digest of the configuration.</param>
/// <param name="RawConfig">The configuration byte for byte.</param>
/// <param name="Size">Bytes of configuration and compressed layers.</param>
/// <param name="Tags">host/repository:tag, in order.</param>
/// <param name="Digests">host/repository@digest of the manifests it came by or was pushed as, in order.</param>
/// <param name="Layers">Lowest first.</param>
internal sealed record ImageRecord(
    Digest Id, byte[] RawConfig, ImageConfig Config, long Size,
    IReadOnlyList<string> Tags, IReadOnlyList<string> Digests, IReadOnlyList<LayerRecord> Layers);

/// <summary>One layer of an image: unpacked under the driver's id, compressed under the blob's digest.</summary>
/// <param name="Key">What the layer is known by: see <see cref="Layers.LayerKey"/>.</param>
/// <param name="DiffId">The digest of its archive.</param>
/// <param name="Usage">What it takes unpacked, at the moment it was recorded.</param>
internal sealed record LayerRecord(Digest Key, Digest DiffId, string DriverId, Descriptor Blob, TreeUsage Usage);
