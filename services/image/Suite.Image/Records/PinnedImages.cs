using Microsoft.Extensions.Options;
using Suite.Image.Options;
using Suite.Oci.References;

namespace Suite.Image.Records;

/// <summary>Images that the configuration protects.</summary>
internal sealed class PinnedImages(IOptions<ImageOptions> options)
{
    private readonly HashSet<string> _names = [.. options.Value.PinnedImages.Select(n => Reference.Parse(n).Canonical().ToString())];

    public bool Has(ImageRecord image) => image.Tags.Concat(image.Digests).Any(_names.Contains);
}
