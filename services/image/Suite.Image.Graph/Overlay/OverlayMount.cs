using Suite.Image.Graph.Drivers;
using Suite.Linux.Errors;

namespace Suite.Image.Graph.Overlay;

/// <summary>The mount of a stack of layers, planned and not yet made.</summary>
internal static class OverlayMount
{
    /// <summary>mount(2) takes one page of options, its final NUL included.</summary>
    internal const int MaxOptions = 4095;

    /// <param name="lower">Directories, topmost first.</param>
    public static RootfsMount Plan(IReadOnlyList<string> lower, string upper, string work)
    {
        foreach (var path in (IEnumerable<string>)[.. lower, upper, work])
            if (path.AsSpan().ContainsAny(":,\\\""))
                throw new SuiteException(
                    ErrorKind.InvalidArgument, $"The path {path} cannot be given to overlayfs, as it has ':', ',', '\\' or '\"' in it: choose another root folder.");

        // index=off: with an index a root could not be mounted again once its layers were copied to another disk; Docker agrees.
        string[] options = [$"lowerdir={string.Join(':', lower)}", $"upperdir={upper}", $"workdir={work}", "index=off"];
        var length = options.Sum(o => o.Length + 1) - 1;
        return length <= MaxOptions
            ? new RootfsMount("overlay", "overlay", options)
            : throw new SuiteException(
                ErrorKind.Unsupported, $"The image has {lower.Count} layers: their paths take {length} bytes and mount(2) takes {MaxOptions}. Build it with fewer layers.");
    }
}
