using Suite.Oci.Images;
using Suite.Oci.References;

namespace Suite.Image.Records;

/// <summary>What a pull or a build records, in one transaction.</summary>
internal sealed record NewImage(Digest Id, byte[] RawConfig, IReadOnlyList<LayerRecord> Layers, NewManifest Manifest);

/// <summary>A manifest of an image, kept byte for byte so that a push gives it the same digest.</summary>
internal sealed record NewManifest(Digest Digest, string MediaType, byte[] Content);
