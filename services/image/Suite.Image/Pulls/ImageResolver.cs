using Suite.Image.Registries;
using Suite.Linux.Errors;
using Suite.Oci.Images;
using Suite.Oci.References;
using Suite.Oci.Serialization;

namespace Suite.Image.Pulls;

/// <summary>An image in a registry, found and verified down to its configuration; layers are still to come.</summary>
/// <param name="Listed">Digest of what the name led to: the index of a multi-platform image, else the manifest.</param>
internal sealed record ResolvedImage(Digest Listed, FetchedManifest Fetched, Manifest Manifest, byte[] RawConfig, ImageConfig Config)
{
    public Digest Id => Manifest.Config.Digest;
}

/// <summary>From a name to the manifest and configuration for one platform.</summary>
internal static class ImageResolver
{
    private const int MaxIndexDepth = 3;

    /// <summary>Docker's layers are counted in hundreds at most; every one costs a file descriptor and a word of mount options.</summary>
    private const int MaxLayers = 500;

    /// <param name="configHere">The verified configuration of an image that is here already, which need not be fetched again.</param>
    public static async Task<ResolvedImage> ResolveAsync(
        RegistrySession session, Platform platform, Func<Digest, byte[]?> configHere, CancellationToken cancellationToken)
    {
        var name = session.Reference.Familiar;
        var fetched = await ManifestFetch.ManifestAsync(session, session.Reference.Selector, cancellationToken).ConfigureAwait(false);
        var listed = fetched.Digest;
        for (var depth = 0; MediaTypes.IsIndex(fetched.MediaType); depth++)
        {
            var index = ImageIndex.Parse(fetched.Content, $"index of {name}");
            var chosen = depth < MaxIndexDepth ? index.Select(platform) : null;
            if (chosen is null)
            {
                var offered = string.Join(", ", index.Manifests.Select(m => m.Platform?.ToString()).OfType<string>().Where(p => p != "unknown/unknown").Distinct());
                throw new SuiteException(ErrorKind.NotFound, $"The image {name} is not there for {platform}; the registry {session.Reference.Host} has it for: {(offered.Length > 0 ? offered : "no platform")}.");
            }

            fetched = await ManifestFetch.ManifestAsync(session, chosen.Digest.ToString(), cancellationToken).ConfigureAwait(false);
        }

        if (!MediaTypes.IsManifest(fetched.MediaType))
            throw new SuiteException(ErrorKind.Unsupported, $"{name} is no image: its manifest has the type '{fetched.MediaType}'.");
        var manifest = Manifest.Parse(fetched.Content, $"manifest of {name}");
        if (!MediaTypes.IsImageConfig(manifest.Config.MediaType))
            throw new SuiteException(ErrorKind.Unsupported, $"{name} is no image but an artifact: its configuration has the type '{manifest.Config.MediaType}'.");

        var raw = configHere(manifest.Config.Digest)
            ?? await ManifestFetch.BlobAsync(session, manifest.Config, OciJson.MaxConfigBytes, cancellationToken).ConfigureAwait(false);
        var config = ImageConfig.Parse(raw, $"configuration of {name}");
        if (config.Rootfs.DiffIds.Count != manifest.Layers.Count)
            throw new SuiteException(ErrorKind.Corrupt, $"The image {name} contradicts itself: {manifest.Layers.Count} layers in its manifest, {config.Rootfs.DiffIds.Count} in its configuration.");
        if (manifest.Layers.Count > MaxLayers)
            throw new SuiteException(ErrorKind.Unsupported, $"The image {name} has {manifest.Layers.Count} layers; {MaxLayers} are allowed.");
        return new ResolvedImage(listed, fetched, manifest, raw, config);
    }
}
