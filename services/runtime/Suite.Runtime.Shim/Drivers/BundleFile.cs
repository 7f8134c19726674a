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
        // A command that was cut off may have left a file: it goes with the folder of the pod.
        _ = Descriptor.TryRemoveDirectory(places.Folder);
    }
}
