using Microsoft.Win32.SafeHandles;
using Suite.Linux.Errors;
using Suite.Linux.Handles;
using Suite.Oci.Runtime;
using Suite.Runtime.Exec.Inits;
using static Tmds.Linux.LibC;

namespace Suite.Runtime.Exec.Plans;

/// <summary>
/// The root file system of a container that does not run, as a mount without a path (fsmount(2)): nobody else sees it, no mount
/// namespace holds it, and it goes with its descriptor.
/// </summary>
public static class DetachedRoot
{
    /// <param name="rootfs">As the image service described it. Nothing may have it mounted at the same time.</param>
    /// <returns>A descriptor of its root, for calls that take a directory.</returns>
    /// <exception cref="SuiteException">Unsupported: the kernel cannot mount this kind without a path (overlay before 6.8).</exception>
    public static SafeFileHandle Open(Mount rootfs)
    {
        var settings = MountOptions.Parse(rootfs.Options ?? [], out var bind, out _);
        var descriptor = bind ? Descriptor.Open(rootfs.Source ?? "", O_DIRECTORY | O_CLOEXEC)
            : rootfs.Type == "overlay" ? OverlayMount.CreateDetached(rootfs.Source ?? "overlay", settings)
            : FilesystemMount.Create(rootfs.Type ?? "", rootfs.Source ?? "", settings, readOnlyFilesystem: false);
        return new SafeFileHandle(descriptor, ownsHandle: true);
    }
}
