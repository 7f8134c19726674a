using System.Text.Json;
using Suite.Linux.Errors;
using Suite.Oci.Images;
using Suite.Oci.References;
using Suite.Oci.Serialization;
using Suite.Registry.Catalog;

namespace Suite.Registry.Distribution;

/// <summary>Reads a pushed manifest as far as a registry must understand it. Its bytes are kept as they are.</summary>
internal static class ManifestReader
{
    /// <param name="content">The body.</param>
    /// <param name="contentType">The header, parameters and all.</param>
    /// <param name="expected">The digest in the URL, when it is pushed by digest.</param>
    public static StoredManifest Read(byte[] content, string? contentType, Digest? expected)
    {
        var digest = Digest.Compute(content, expected?.Algorithm ?? DigestAlgorithm.Sha256);
        if (expected is not null && digest != expected)
        {
            throw new DistributionException(
                ErrorKind.InvalidArgument, Oci.Distribution.ErrorCode.DigestInvalid, $"the manifest has the digest {digest} and was pushed as {expected}");
        }

        var head = Parse(content);
        if (head.SchemaVersion != 2)
            throw DistributionException.BadManifest($"the manifest has schemaVersion {head.SchemaVersion}; only 2 is understood");
        var mediaType = MediaTypeOf(head, contentType);
        return new StoredManifest(digest, mediaType, content)
        {
            Subject = head.Subject?.Digest,
            ArtifactType = head.ArtifactType ?? (MediaTypes.IsIndex(mediaType) ? null : head.Config?.MediaType),
            Annotations = head.Annotations is null
                ? null
                : JsonSerializer.Serialize(head.Annotations, OciJsonContext.Default.IReadOnlyDictionaryStringString),
            References = [.. ReferencesOf(head, mediaType)],
        };
    }

    private static ManifestHead Parse(byte[] content)
    {
        try
        {
            return ManifestHead.Parse(content, "manifest");
        }
        catch (SuiteException e)
        {
            throw DistributionException.BadManifest(e.Message);
        }
    }

    private static string MediaTypeOf(ManifestHead head, string? contentType)
    {
        var said = contentType is null ? "" : MediaTypes.Bare(contentType);
        // Tools that know no better send a manifest as plain JSON or as bytes.
        var general = said is "" or "application/json" or "text/plain" or "application/octet-stream";
        var own = head.ResolveMediaType();
        var mediaType = general ? own ?? "" : said;
        if (!MediaTypes.IsManifest(mediaType) && !MediaTypes.IsIndex(mediaType))
            throw DistributionException.BadManifest($"'{mediaType}' is not a manifest type that this registry stores");
        if (head.MediaType is not null && head.MediaType != mediaType)
            throw DistributionException.BadManifest($"the manifest calls itself {head.MediaType} and was sent as {mediaType}");
        if (MediaTypes.IsManifest(mediaType) && (head.Config is null || head.Layers is null || head.Layers.Contains(null)))
            throw DistributionException.BadManifest("the manifest lacks its config or layers");
        if (MediaTypes.IsIndex(mediaType) && (head.Manifests is null || head.Manifests.Contains(null)))
            throw DistributionException.BadManifest("the index lacks its manifests");
        return mediaType;
    }

    // Not the subject: it may be pushed later, or never (distribution-spec, "Pushing Manifests with Subject").
    private static IEnumerable<Digest> ReferencesOf(ManifestHead head, string mediaType) =>
        MediaTypes.IsIndex(mediaType)
            ? head.Manifests!.Select(manifest => manifest!.Digest)
            : head.Layers!.Where(layer => !MediaTypes.IsNonDistributable(layer!.MediaType)).Select(layer => layer!.Digest).Prepend(head.Config!.Digest);
}
