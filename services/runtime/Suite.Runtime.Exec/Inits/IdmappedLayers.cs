using Suite.Linux.Errors;
using Suite.Linux.Handles;
using Suite.Linux.Native;
using Suite.Runtime.Exec.Plans;
using Suite.Runtime.Exec.Plans.Steps;
using static Tmds.Linux.LibC;

namespace Suite.Runtime.Exec.Inits;

/// <summary>An overlay whose files have the owners of a user namespace. Itself it cannot be idmapped; its layers can (5.19).</summary>
internal static unsafe class IdmappedLayers
{
    /// <summary>
    /// Covers every layer with an idmapped copy of itself, in this mount namespace. All are opened before the first is covered,
    /// as what lies below an idmapped mount would be mapped twice; the writable one and its workdir must be of one mount.
    /// </summary>
    public static void Cover(MountRoot mount, InitContext context)
    {
        var lower = Option(mount, "lowerdir=")?.Split(':') ?? [];
        var writable = new[] { Option(mount, "upperdir="), Option(mount, "workdir=") }.OfType<string>().ToArray();
        var paths = writable.Length == 0 ? lower : [OverlayMount.CommonDirectory([.. writable.Select(path => path.TrimEnd('/') + "/")]), .. lower];
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
        var made = OverlayMount.Create(mount.Source, mount.Target, mount.Settings);
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
}
