using Suite.Image.Graph.Layers;
using Suite.Linux.Errors;
using Suite.Linux.Native;

namespace Suite.Image.Graph.Overlay;

/// <summary>Whiteouts as overlayfs reads them (Documentation/filesystems/overlayfs.rst, "whiteouts and opaque directories").</summary>
internal sealed class OverlayLower : ILowerLayers
{
    private readonly SortedSet<byte[]> _implied = new(ByteNames.Order);

    /// <summary>Names hidden in an opaque directory, for which no whiteout stands there.</summary>
    private readonly HashSet<byte[]> _hidden = new(ByteNames.Equality);

    public bool AreHere => false;

    /// <summary>Directories that the archive left out, parents before what is in them.</summary>
    public IReadOnlyCollection<byte[]> ImpliedDirectories => _implied;

    public int Hide(int directory, ReadOnlySpan<byte> name, ReadOnlySpan<byte> path)
    {
        var result = FileCalls.StatAt(directory, name, out var status);
        if (result == -ErrnoNames.ENOENT)
        {
            if (!IsOpaque(directory)) return Whiteout(directory, name);
            _hidden.Add(path.ToArray());
            return 0;
        }

        if (result < 0 || !status.IsDirectory) return result;
        _implied.Remove(path.ToArray()); // the lower directory is gone, and its attributes with it
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

    public bool IsHidden(ReadOnlySpan<byte> path) => _hidden.Count > 0 && _hidden.Contains(path.ToArray());

    public void Made(int directory, EntryPath path)
    {
        if (_implied.Count > 0) _implied.Remove(path.Whole());
        if (_hidden.Count > 0) _hidden.Remove(path.Whole());
    }

    public void Entered(int directory)
    {
    }

    public void Told(int directory, ReadOnlySpan<byte> path) => _implied.Remove(path.ToArray());

    public void Implied(ReadOnlySpan<byte> path)
    {
        _implied.Add(path.ToArray());
        _hidden.Remove(path.ToArray());
    }

    /// <summary>All but a whiteout: a second name for one would hide something else.</summary>
    public bool IsOurs(int directory, ReadOnlySpan<byte> name) =>
        FileCalls.StatAt(directory, name, out var status) != 0 || !status.IsOverlayWhiteout;

    public static bool IsOpaque(int directory) => Xattr.Get(directory, Opaque, stackalloc byte[1]) == 1;

    public static bool IsOpaque(string directory) => Xattr.GetNoFollow(System.Text.Encoding.UTF8.GetBytes(directory), Opaque, stackalloc byte[1]) == 1;

    /// <summary>
    /// overlayfs lists a directory that it does not merge without looking
    /// for whiteouts, unless it was copied up once: an origin of no length says so (ovl_get_inode in fs/overlayfs/inode.c). Without it
    /// a whiteout of what no layer has would be a name that ls shows and nobody can open.
    /// </summary>
    private static int Whiteout(int directory, ReadOnlySpan<byte> name)
    {
        var result = FileCalls.MknodAt(directory, name, FileCalls.S_IFCHR, 0);
        return result < 0 ? result : Xattr.Set(directory, "trusted.overlay.origin"u8, []);
    }

    private static ReadOnlySpan<byte> Opaque => "trusted.overlay.opaque"u8;
}
