using Suite.Linux.Errors;
using Suite.Linux.Handles;
using Suite.Runtime.Exec.Bundles;
using Suite.Runtime.Exec.Inits;

namespace Suite.Runtime.Shim.Drivers;

/// <summary>Files of a bundle, as the shim writes and removes them.</summary>
internal static class BundleFile
{
    public static void Write(string path, ReadOnlySpan<byte> contents) => BundleActions.Write(path, contents);

    /// <summary>All that a container's commands have left: what they exchange is removed with each.</summary>
    public static void RemoveFolder(BundlePlaces places)
    {
        Descriptor.TryUnlink(places.Config);
        var create = places.FilesOf("create", terminal: false);
        Descriptor.TryUnlink(create.Pid);
        Descriptor.TryUnlink(create.Log);
        _ = Descriptor.TryRemoveDirectory(places.Rootfs);
        if (Descriptor.TryRemoveDirectory(places.Folder) is not 0 and var error)
            throw new ErrnoException($"remove the bundle {places.Folder}", error);
    }
}
