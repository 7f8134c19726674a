using Suite.Linux.Errors;
using Suite.Linux.Handles;
using Suite.Linux.Native;
using Suite.Runtime.Exec.Plans;
using static Tmds.Linux.LibC;

namespace Suite.Runtime.Exec.Inits;

/// <summary>
/// Overlay with any number of layers. Since 6.8 each layer is an option of its own (lowerdir+); before, all of them are in one
/// option of one page, which is spent sparingly by naming layers relative to the directory they share.
/// </summary>
internal static unsafe class OverlayMount
{
    private const string LowerPrefix = "lowerdir=";

    /// <param name="target">Where it goes on a kernel that makes overlays only at their place.</param>
    /// <returns>The mount, or -1 when it is at its target already.</returns>
    public static int Create(string source, string target, MountSettings settings)
    {
        var layers = Layers(settings, out var lower);
        var context = TryBegin(layers);
        if (context >= 0)
            return Finish(source, settings, context, layers, lower);
        CreateWithOneOption(source, target, settings, layers);
        return -1;
    }

    /// <returns>The mount, which has no path.</returns>
    /// <exception cref="SuiteException">Unsupported: this kernel's overlay needs one.</exception>
    public static int CreateDetached(string source, MountSettings settings)
    {
        var layers = Layers(settings, out var lower);
        var context = TryBegin(layers);
        return context >= 0
            ? Finish(source, settings, context, layers, lower)
            : throw new SuiteException(ErrorKind.Unsupported, "open the root of a container that does not run: that needs the overlay of Linux 6.8; start the container");
    }

    private static string[] Layers(MountSettings settings, out string lower)
    {
        lower = settings.Data.FirstOrDefault(option => option.StartsWith(LowerPrefix, StringComparison.Ordinal))
            ?? throw new SuiteException(ErrorKind.InvalidArgument, "the options of the overlay have no lowerdir");
        return lower[LowerPrefix.Length..].Split(':');
    }

    /// <returns>The context with its first layer, or -1 where layers cannot be told one by one.</returns>
    private static int TryBegin(string[] layers)
    {
        var context = FilesystemMount.Open("overlay");
        if (!FilesystemMount.IsLegacy(context) && FilesystemMount.TrySet(context, "lowerdir+", layers[0]) != ErrnoNames.EINVAL)
            return context;
        Descriptor.Close(context);
        return -1;
    }

    private static int Finish(string source, MountSettings settings, int context, string[] layers, string lower)
    {
        FilesystemMount.Set(context, "overlay", "source", source);
        foreach (var layer in layers.AsSpan(1))
            FilesystemMount.Set(context, "overlay", "lowerdir+", layer);
        foreach (var option in settings.Data)
        {
            if (option != lower)
                FilesystemMount.SetOption(context, "overlay", option);
        }

        return FilesystemMount.Finish(context, "overlay", settings.OfNewMount);
    }

    private static void CreateWithOneOption(string from, string to, MountSettings settings, string[] layers)
    {
        var common = CommonDirectory(layers);
        var relative = layers.Select(layer => layer[common.Length..]);
        var rest = settings.Data.Where(option => !option.StartsWith(LowerPrefix, StringComparison.Ordinal)).Select(Quoted);
        var data = string.Join(',', rest.Prepend(LowerPrefix + string.Join(':', relative)));
        fixed (byte* directory = Descriptor.Path(common))
        fixed (byte* source = Descriptor.Path(from))
        fixed (byte* target = Descriptor.Path(to))
        fixed (byte* options = Descriptor.Path(data))
        fixed (byte* type = "overlay\0"u8)
        {
            if (chdir(directory) != 0)
                throw new ErrnoException($"enter {common}", errno);
            if (mount(source, target, type, FlagsOf(settings.OfNewMount), options) != 0)
                throw new ErrnoException($"mount an overlay of {layers.Length} layers", errno);
        }
    }

    // The categories of a context have commas between them, as options do (mount(8), context=).
    private static string Quoted(string option)
    {
        if (!option.StartsWith(MountOptions.Label, StringComparison.Ordinal))
            return option;
        LabelActions.NeedSelinux($"label the files of an overlay with {option[MountOptions.Label.Length..]}");
        return $"{MountOptions.Label}\"{option[MountOptions.Label.Length..].Trim('"')}\"";
    }

    private static uint FlagsOf(ulong attributes) =>
        (uint)attributes & (MountCalls.MS_RDONLY | MountCalls.MS_NOSUID | MountCalls.MS_NODEV | MountCalls.MS_NOEXEC);

    /// <summary>The longest directory, with its slash, that all the paths are in.</summary>
    internal static string CommonDirectory(IReadOnlyList<string> paths)
    {
        var length = paths[0].LastIndexOf('/') + 1;
        foreach (var path in paths)
        {
            while (string.CompareOrdinal(path, 0, paths[0], 0, length) != 0)
                length = paths[0].LastIndexOf('/', length - 2) + 1;
        }

        return paths[0][..length];
    }
}
