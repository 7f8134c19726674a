using Suite.Graph.V1;

namespace Suite.Cli.Output;

/// <summary>Names of images as a person writes them.</summary>
internal static class ImageNames
{
    private const string None = "<none>";
    private const string Hub = "docker.io/";
    private const string HubLibrary = "docker.io/library/";

    /// <summary>Without what is understood anyway: docker.io/library/busybox is busybox.</summary>
    public static string Familiar(string reference) =>
        reference.StartsWith(HubLibrary, StringComparison.Ordinal) ? reference[HubLibrary.Length..]
        : reference.StartsWith(Hub, StringComparison.Ordinal) ? reference[Hub.Length..]
        : reference;

    /// <summary>Repository and tag for each name of an image; one pair of nothings for an image without names.</summary>
    public static IEnumerable<(string Repository, string Tag)> Of(ImageInfo image)
    {
        if (image.Tags.Count == 0)
            return [(image.Digests.Select(d => Familiar(d.Split('@')[0])).FirstOrDefault() ?? None, None)];
        return image.Tags.Select(Divide);
    }

    public static string DigestIn(ImageInfo image, string repository) =>
        image.Digests.Select(d => d.Split('@')).Where(d => d.Length == 2 && Familiar(d[0]) == repository).Select(d => d[1])
            .FirstOrDefault() ?? None;

    private static (string, string) Divide(string reference)
    {
        var name = Familiar(reference);
        // A colon before the last slash belongs to the registry's port.
        var colon = name.LastIndexOf(':');
        return colon > name.LastIndexOf('/') ? (name[..colon], name[(colon + 1)..]) : (name, None);
    }
}
