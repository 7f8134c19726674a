using Suite.Image.Graph.Layers;
using Suite.Linux.Errors;
using Suite.Linux.Native;

namespace Suite.Image.Graph.Overlay;

/// <summary>Whiteouts as overlayfs reads them (Documentation/filesystems/overlayfs.rst, "whiteouts and opaque directories").</summary>
internal sealed class OverlayLower : ILowerLayers
{
    private readonly SortedSet<byte[]> _implied = new(ByteNames.Order);

    public bool AreHere => false;

    /// <summary>Directories that the archive left out, parents before what is in them.</summary>
    public IReadOnlyCollection<byte[]> ImpliedDirectories => _implied;

    public int Hide(int directory, ReadOnlySpan<byte> name)
    {
        var result = FileCalls.StatAt(directory, name, out var status);
        // Not in an opaque directory: nothing shines through there, and overlayfs lists whiteouts of what it does not merge.
        if (result == -ErrnoNames.ENOENT) return IsOpaque(directory) ? 0 : FileCalls.MknodAt(directory, name, FileCalls.S_IFCHR, 0);
        if (result < 0 || !status.IsDirectory) return result;
        var inside = FileCalls.OpenAt(directory, name, LayerRoot.Directory);
        if (inside < 0) return inside;
        result = Empty(inside);
        FileCalls.Close(inside);
        return result;
    }

    public int Empty(int directory) => Xattr.Set(directory, Opaque, "y"u8);

    /// <summary>A name that this layer hid and now fills again.</summary>
    public int Clear(int directory, ReadOnlySpan<byte> name)
    {
        var result = FileCalls.StatAt(directory, name, out var status);
        if (result < 0 || !status.IsOverlayWhiteout) return result;
        result = FileCalls.UnlinkAt(directory, name);
        return result < 0 ? result : 1;
    }

    public void Made(int directory, ReadOnlySpan<byte> name)
    {
    }

    public void Entered(int directory)
    {
    }

    public void Told(int directory, ReadOnlySpan<byte> path) => _implied.Remove(path.ToArray());

    public void Implied(ReadOnlySpan<byte> path) => _implied.Add(path.ToArray());

    public bool IsOurs(int directory, ReadOnlySpan<byte> name) => true;

    public static bool IsOpaque(int directory) => Xattr.Get(directory, Opaque, stackalloc byte[1]) == 1;

    private static ReadOnlySpan<byte> Opaque => "trusted.overlay.opaque"u8;
}
