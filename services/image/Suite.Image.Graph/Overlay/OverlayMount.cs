using Suite.Image.Graph.Drivers;
using Suite.Linux.Errors;

namespace Suite.Image.Graph.Overlay;

/// <summary>The mount of a stack of layers, planned and not yet made.</summary>
internal static class OverlayMount
{
    /// <summary>OVL_MAX_STACK (fs/overlayfs/params.h), the same since Linux 4.0.</summary>
    internal const int MaxLayers = 500;

    /// <param name="lower">Directories, topmost first.</param>
    public static RootfsMount Plan(IReadOnlyList<string> lower, string upper, string work)
    {
        foreach (var path in (IEnumerable<string>)[.. lower, upper, work])
            if (path.AsSpan().ContainsAny(":,\\\""))
                throw new SuiteException(
                    ErrorKind.InvalidArgument, $"The path {path} cannot be given to overlayfs, as it has ':', ',', '\\' or '\"' in it: choose another root folder.");
        if (lower.Count > MaxLayers)
            throw new SuiteException(ErrorKind.Unsupported, $"The image has {lower.Count} layers and overlayfs stacks {MaxLayers}: build it with fewer layers.");

        // More than the page that mount(2) takes is no matter: whoever mounts gives each layer to fsconfig(2) by itself (lowerdir+).
        return new RootfsMount("overlay", "overlay",
        [
            $"lowerdir={string.Join(':', lower)}", $"upperdir={upper}", $"workdir={work}",
            // With an index a root could not be mounted again once its layers were copied to another disk; Docker agrees.
            "index=off",
            // The upper directory must say everything by itself, as what a container changed is read from there alone.
            "redirect_dir=off", "metacopy=off",
        ]);
    }
}
