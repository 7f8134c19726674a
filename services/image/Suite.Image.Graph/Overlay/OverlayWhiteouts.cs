using Suite.Image.Graph.Layers;
using Suite.Linux.Native;

namespace Suite.Image.Graph.Overlay;

/// <summary>Whiteouts as overlayfs reads them (Documentation/filesystems/overlayfs.rst, "whiteouts and opaque directories").</summary>
internal sealed class OverlayWhiteouts : IWhiteouts
{
    /// <summary>Not in an opaque directory: nothing shines through there, and overlayfs lists whiteouts of what it does not merge.</summary>
    public int Hide(int directory, ReadOnlySpan<byte> name) =>
        IsOpaque(directory) ? 0 : FileCalls.MknodAt(directory, name, FileCalls.S_IFCHR, 0);

    public int MakeOpaque(int directory) => Xattr.Set(directory, Opaque, "y"u8);

    public static bool IsOpaque(int directory) => Xattr.Get(directory, Opaque, stackalloc byte[1]) == 1;

    private static ReadOnlySpan<byte> Opaque => "trusted.overlay.opaque"u8;
}
