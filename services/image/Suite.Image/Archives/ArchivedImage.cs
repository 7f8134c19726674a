using Suite.Image.Records;
using Suite.Oci.Images;
using Suite.Oci.References;

namespace Suite.Image.Archives;

/// <summary>One image of an archive, read and not yet taken.</summary>
/// <param name="RawConfig">Byte for byte.</param>
/// <param name="Layers">The file of each, lowest first, and its digest where the archive says one.</param>
/// <param name="Manifest">Null where the archive has none.</param>
internal sealed record ArchivedImage(
    byte[] RawConfig, ImageConfig Config, IReadOnlyList<(string File, Digest? Digest)> Layers, IReadOnlyList<Reference> Tags, NewManifest? Manifest);
