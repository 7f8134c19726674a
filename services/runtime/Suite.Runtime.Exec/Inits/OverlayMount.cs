using Suite.Linux.Errors;
using Suite.Linux.Handles;
using Suite.Linux.Native;
using Suite.Runtime.Exec.Plans;
using Suite.Runtime.Exec.Plans.Steps;
using static Tmds.Linux.LibC;

namespace Suite.Runtime.Exec.Inits;

/// <summary>
/// Overlay with any number of layers. Since 6.8 each layer is an option of its own (lowerdir+); before, all of them are in one
/// option of one page, which is spent sparingly by naming layers relative to the directory they share.
/// </summary>
internal static unsafe class OverlayMount
{
    private const string LowerPrefix = "lowerdir=";

    /// <returns>The mount, or -1 when it is at its target already.</returns>
    public static int Create(MountRoot mount)
    {
        var lower = mount.Settings.Data.FirstOrDefault(option => option.StartsWith(LowerPrefix, StringComparison.Ordinal))
            ?? throw new SuiteException(ErrorKind.InvalidArgument, "the options of the overlay have no lowerdir");
        var layers = lower[LowerPrefix.Length..].Split(':');

        var context = FilesystemMount.Open("overlay");
        if (FilesystemMount.IsLegacy(context) || FilesystemMount.TrySet(context, "lowerdir+", layers[0]) == ErrnoNames.EINVAL)
        {
            Descriptor.Close(context);
            CreateWithOneOption(mount, layers);
            return -1;
        }

        FilesystemMount.Set(context, "overlay", "source", mount.Source);
        foreach (var layer in layers.AsSpan(1))
            FilesystemMount.Set(context, "overlay", "lowerdir+", layer);
        foreach (var option in mount.Settings.Data)
        {
            if (option != lower)
                FilesystemMount.SetOption(context, "overlay", option);
        }

        return FilesystemMount.Finish(context, "overlay", mount.Settings.OfNewMount);
    }

    /// <summary>
    /// Covers every layer with an idmapped copy of itself, in this mount namespace. All are opened before the first is covered,
    /// as what lies below an idmapped mount would be mapped twice; the writable one and its workdir must be of one mount.
    /// </summary>
    public static void MapLayers(MountRoot mount, InitContext context)
    {
        var lower = Option(mount, LowerPrefix)?.Split(':') ?? [];
        var writable = new[] { Option(mount, "upperdir="), Option(mount, "workdir=") }.OfType<string>().ToArray();
        var paths = writable.Length == 0 ? lower : [CommonDirectory([.. writable.Select(path => path.TrimEnd('/') + "/")]), .. lower];
        var trees = new int[paths.Length];
        for (var i = 0; i < paths.Length; i++)
            trees[i] = TreeActions.Open(paths[i], recursive: false, mount.Settings.Ids, fromHost: false, context);
        for (var i = 0; i < paths.Length; i++)
        {
            var directory = Descriptor.Open(paths[i], O_PATH | O_DIRECTORY);
            FilesystemMount.Attach(trees[i], directory, paths[i]);
            Descriptor.Close(directory);
            Descriptor.Close(trees[i]);
        }
    }

    public static (uint Uid, uint Gid) RootOf(MountIds ids, InitContext context) => ids.Map is { } map
        ? (IdentityMap.HostOf(map.Uids, 0) ?? 0, IdentityMap.HostOf(map.Gids, 0) ?? 0)
        : context.RootIds ??= UserNamespaces.RootOf(context.UserNamespace);

    /// <summary>
    /// What an overlay does in its layers it does as who mounted it, and idmapped layers do not know the host's root. The change
    /// of identity takes capabilities out of the effective set (capabilities(7), "Effect of user ID changes"); they are put back.
    /// </summary>
    public static int CreateAs((uint Uid, uint Gid) ids, MountRoot mount)
    {
        Become(ids.Uid, ids.Gid);
        var made = Create(mount);
        Become(0, 0);
        return made;
    }

    private static void Become(uint uid, uint gid)
    {
        _ = FileIdentity.setfsgid(gid);
        _ = FileIdentity.setfsuid(uid);
        var header = new Capability.cap_user_header_t { version = Capability._LINUX_CAPABILITY_VERSION_3 };
        var data = stackalloc Capability.cap_user_data_t[2];
        if (Capability.capget(&header, data) != 0)
            throw new ErrnoException("read the capabilities", errno);
        for (var word = 0; word < 2; word++)
            data[word].effective = data[word].permitted;
        if (Capability.capset(&header, data) != 0)
            throw new ErrnoException("keep the capabilities", errno);
    }

    private static string? Option(MountRoot mount, string prefix) =>
        mount.Settings.Data.FirstOrDefault(option => option.StartsWith(prefix, StringComparison.Ordinal))?[prefix.Length..];

    private static void CreateWithOneOption(MountRoot step, string[] layers)
    {
        var common = CommonDirectory(layers);
        var relative = layers.Select(layer => layer[common.Length..]);
        var rest = step.Settings.Data.Where(option => !option.StartsWith(LowerPrefix, StringComparison.Ordinal));
        var data = string.Join(',', rest.Prepend(LowerPrefix + string.Join(':', relative)));
        fixed (byte* directory = Descriptor.Path(common))
        fixed (byte* source = Descriptor.Path(step.Source))
        fixed (byte* target = Descriptor.Path(step.Target))
        fixed (byte* options = Descriptor.Path(data))
        fixed (byte* type = "overlay\0"u8)
        {
            if (chdir(directory) != 0)
                throw new ErrnoException($"enter {common}", errno);
            if (mount(source, target, type, FlagsOf(step.Settings.OfNewMount), options) != 0)
                throw new ErrnoException($"mount an overlay of {layers.Length} layers", errno);
        }
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
