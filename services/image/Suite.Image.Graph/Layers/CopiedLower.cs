using Suite.Linux.Errors;
using Suite.Linux.Files;
using Suite.Linux.Native;
using FileStatus = Suite.Linux.Native.FileStatus;

namespace Suite.Image.Graph.Layers;

/// <summary>
/// A layer applied over a copy of the ones below it. A whiteout deletes at once, but only what lower layers have, and it may follow
/// what this layer put there; so this layer's own files are remembered, by inode, as names lead to them in many ways.
/// </summary>
internal sealed class CopiedLower : ILowerLayers
{
    private readonly HashSet<ulong> _ours = [];

    /// <summary>Directories of lower layers in which this one has something, and whose attributes it does not tell.</summary>
    private readonly HashSet<ulong> _entered = [];

    private readonly HashSet<byte[]> _hidden = new(ByteNames.Equality);

    public bool AreHere => true;

    public int Hide(int directory, ReadOnlySpan<byte> name, ReadOnlySpan<byte> path)
    {
        var result = FileCalls.StatAt(directory, name, out var status);
        if (result is not (0 or -ErrnoNames.ENOENT)) return result;
        if (result < 0 || !_ours.Contains(status.Inode)) _hidden.Add(path.ToArray());
        if (result < 0) return 0;
        if (!_ours.Contains(status.Inode)) FileTree.Remove(directory, name);
        else if (status.IsDirectory) return Renew(directory, name, status);
        return 0;
    }

    public int Empty(int directory)
    {
        foreach (var name in ByteNames.In(directory))
        {
            var result = Hide(directory, name, default);
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

    public bool IsHidden(ReadOnlySpan<byte> path)
    {
        if (_hidden.Count == 0) return false;
        for (var left = path; !left.IsEmpty; left = left[..Math.Max(left.LastIndexOf((byte)'/'), 0)])
            if (_hidden.Contains(left.ToArray())) return true;
        return false;
    }

    public void Made(int directory, EntryPath path)
    {
        if (_hidden.Count > 0) _hidden.Remove(path.Whole());
        if (FileCalls.StatAt(directory, path.Name, out var status) != 0) return;
        _ours.Add(status.Inode);
        _entered.Remove(status.Inode);
    }

    public void Entered(int directory)
    {
        if (FileCalls.StatAt(directory, default, out var status) == 0 && _ours.Add(status.Inode)) _entered.Add(status.Inode);
    }

    /// <summary>The entry's attributes take the place of the lower directory's, and are not added to them.</summary>
    public void Told(int directory, ReadOnlySpan<byte> path)
    {
        if (FileCalls.StatAt(directory, default, out var status) != 0 || (_ours.Contains(status.Inode) && !_entered.Contains(status.Inode))) return;
        foreach (var (name, _) in FileXattrs.Of(directory)) Xattr.Remove(directory, name);
    }

    public void Implied(ReadOnlySpan<byte> path) => _hidden.Remove(path.ToArray());

    public bool IsOurs(int directory, ReadOnlySpan<byte> name) =>
        FileCalls.StatAt(directory, name, out var status) != 0 || _ours.Contains(status.Inode);

    /// <summary>The lower directory is gone: what this layer has in it stays, in a directory as an archive that leaves it out makes it.</summary>
    private int Renew(int directory, ReadOnlySpan<byte> name, FileStatus status)
    {
        var inside = FileCalls.OpenAt(directory, name, LayerRoot.Directory);
        if (inside < 0) return inside;
        try
        {
            if (_entered.Contains(status.Inode))
            {
                FileCalls.Chown(inside, 0, 0);
                FileCalls.Chmod(inside, 0x1ED);
                foreach (var (attribute, _) in FileXattrs.Of(inside)) Xattr.Remove(inside, attribute);
            }

            return Empty(inside);
        }
        finally
        {
            FileCalls.Close(inside);
        }
    }
}
