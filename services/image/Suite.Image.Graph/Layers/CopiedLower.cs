using Suite.Linux.Errors;
using Suite.Linux.Files;
using Suite.Linux.Native;

namespace Suite.Image.Graph.Layers;

/// <summary>
/// A layer applied over a copy of the ones below it. A whiteout deletes at once, but only what lower layers have, and it may follow
/// what this layer put there; so this layer's own files are remembered, by inode, as names lead to them in many ways.
/// </summary>
internal sealed class CopiedLower : ILowerLayers
{
    private readonly HashSet<ulong> _ours = [];

    public bool AreHere => true;

    public int Hide(int directory, ReadOnlySpan<byte> name)
    {
        var result = FileCalls.StatAt(directory, name, out var status);
        if (result < 0) return result == -ErrnoNames.ENOENT ? 0 : result;
        if (!_ours.Contains(status.Inode)) FileTree.Remove(directory, name);
        else if (status.IsDirectory) return EmptyInside(directory, name);
        return 0;
    }

    public int Empty(int directory)
    {
        foreach (var name in ByteNames.In(directory))
        {
            var result = Hide(directory, name);
            if (result < 0) return result;
        }

        return 0;
    }

    public int Clear(int directory, ReadOnlySpan<byte> name)
    {
        var result = FileCalls.StatAt(directory, name, out var status);
        if (result < 0) return result == -ErrnoNames.ENOENT ? 0 : result;
        if (status.IsDirectory || _ours.Contains(status.Inode)) return 0;
        FileTree.Remove(directory, name);
        return 1;
    }

    public void Made(int directory, ReadOnlySpan<byte> name)
    {
        if (FileCalls.StatAt(directory, name, out var status) == 0) _ours.Add(status.Inode);
    }

    public void Entered(int directory) => Made(directory, default);

    /// <summary>The entry's attributes take the place of the lower directory's, and are not added to them.</summary>
    public void Told(int directory, ReadOnlySpan<byte> path)
    {
        if (IsOurs(directory, default)) return;
        foreach (var (name, _) in FileXattrs.Of(directory)) Xattr.Remove(directory, name);
    }

    public void Implied(ReadOnlySpan<byte> path)
    {
    }

    public bool IsOurs(int directory, ReadOnlySpan<byte> name) =>
        FileCalls.StatAt(directory, name, out var status) != 0 || _ours.Contains(status.Inode);

    private int EmptyInside(int directory, ReadOnlySpan<byte> name)
    {
        var inside = FileCalls.OpenAt(directory, name, LayerRoot.Directory);
        if (inside < 0) return inside;
        try
        {
            return Empty(inside);
        }
        finally
        {
            FileCalls.Close(inside);
        }
    }
}
