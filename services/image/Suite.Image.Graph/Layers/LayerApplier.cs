using Suite.Image.Graph.Tar;
using Suite.Linux.Errors;
using Suite.Linux.Files;
using Suite.Linux.Native;

namespace Suite.Image.Graph.Layers;

/// <summary>
/// Unpacks one layer's archive into its directory (image-spec layer.md, "Applying Changesets"). Knows nothing of other layers:
/// what lies below is hidden by whiteouts, so layers can be unpacked side by side.
/// </summary>
/// <param name="lower">Null for an archive that is no layer, such as a build's context: <c>.wh.</c> means nothing there.</param>
internal sealed class LayerApplier(LayerRoot root, ILowerLayers? lower)
{
    private const string WhiteoutPrefix = ".wh.";

    /// <summary>Times of directories, set last: making a file in a directory changes them.</summary>
    private readonly List<(byte[] Path, long Seconds, int Nanoseconds)> _directoryTimes = [];

    private readonly EntryXattrs _xattrs = new();

    public void Apply(TarReader archive, CancellationToken cancellationToken)
    {
        while (archive.Next() is { } entry)
        {
            cancellationToken.ThrowIfCancellationRequested();
            Apply(archive, entry);
        }

        archive.Drain();
        SetDirectoryTimes();
    }

    private void Apply(TarReader archive, TarEntry entry)
    {
        var path = EntryPath.Parse(entry.Name);
        if (path.Name.IsEmpty)
        {
            if (entry.Type != TarEntryType.Directory) throw EntryPath.Refused(entry.Name, "it would replace the layer's root");
            Describe(root.Descriptor, entry);
            _directoryTimes.Add(([], entry.ModifiedSeconds, entry.ModifiedNanoseconds));
            return;
        }

        if (lower is not null && path.Name.StartsWith(".wh."u8))
        {
            Hide(lower, path, entry);
            return;
        }

        var parent = root.OpenParent(path.Parent, entry.Name);
        switch (entry.Type)
        {
            case TarEntryType.Directory: MakeDirectory(parent, path, entry); break;
            case TarEntryType.File: MakeFile(parent, path.Name, entry, archive); break;
            case TarEntryType.SymbolicLink: MakeLink(parent, path.Name, entry); break;
            case TarEntryType.HardLink: MakeHardLink(parent, path, entry); break;
            default: MakeNode(parent, path.Name, entry); break;
        }

        lower?.Made(parent, path);
    }

    private void MakeDirectory(int parent, EntryPath path, TarEntry entry)
    {
        bool opaque = false, merged = false;
        var result = FileCalls.MkdirAt(parent, path.Name, 0x1C0);
        if (result == -ErrnoNames.EEXIST)
        {
            Check("stat", entry, FileCalls.StatAt(parent, path.Name, out var status));
            merged = status.IsDirectory;
            if (!merged)
            {
                opaque = true; // what stood there, a whiteout or a file, hid the lower directory
                Replace(parent, path.Name);
                Check("make", entry, FileCalls.MkdirAt(parent, path.Name, 0x1C0));
            }
        }
        else
        {
            Check("make", entry, result);
        }

        var directory = FileCalls.OpenAt(parent, path.Name, LayerRoot.Directory);
        Check("open", entry, directory);
        try
        {
            if (opaque && lower is not null) Check("make opaque", entry, lower.Empty(directory));
            if (merged) lower?.Told(directory, path.Whole());
            Describe(directory, entry);
        }
        finally
        {
            FileCalls.Close(directory);
        }

        _directoryTimes.Add((entry.Name, entry.ModifiedSeconds, entry.ModifiedNanoseconds));
    }

    private void MakeFile(int parent, ReadOnlySpan<byte> name, TarEntry entry, TarReader archive)
    {
        var flags = FileCalls.O_WRONLY | FileCalls.O_CREAT | FileCalls.O_EXCL | FileCalls.O_NOFOLLOW;
        var file = FileCalls.OpenAt(parent, name, flags, 0x180);
        if (file == -ErrnoNames.EEXIST)
        {
            Replace(parent, name);
            file = FileCalls.OpenAt(parent, name, flags, 0x180);
        }

        Check("make", entry, file);
        try
        {
            var content = new SparseFile(file);
            ReadOnlySpan<byte> piece;
            do
            {
                piece = archive.ReadBody(out var hole);
                content.Skip(hole);
                Check("write", entry, content.Append(piece));
            }
            while (!piece.IsEmpty);

            Check("write", entry, content.Finish());
            Describe(file, entry);
            Check("set the times of", entry, FileCalls.SetTimes(file, entry.ModifiedSeconds, entry.ModifiedNanoseconds));
        }
        finally
        {
            FileCalls.Close(file);
        }
    }

    private void MakeLink(int parent, ReadOnlySpan<byte> name, TarEntry entry)
    {
        if (entry.LinkName.Length == 0) throw EntryPath.Refused(entry.Name, "it is a symbolic link to nothing");
        var result = FileCalls.SymlinkAt(entry.LinkName, parent, name);
        if (result == -ErrnoNames.EEXIST)
        {
            Replace(parent, name);
            result = FileCalls.SymlinkAt(entry.LinkName, parent, name);
        }

        Check("make", entry, result);
        Check("set the owner of", entry, FileCalls.ChownAt(parent, name, entry.User, entry.Group));
        _xattrs.SetOn(parent, name, entry);
        Check("set the times of", entry, FileCalls.SetTimesAt(parent, name, entry.ModifiedSeconds, entry.ModifiedNanoseconds));
    }

    /// <summary>Both ends are resolved inside the root: a target beyond it is the oldest trick (CVE-2026-50163, and many before).</summary>
    private void MakeHardLink(int parent, EntryPath path, TarEntry entry)
    {
        var target = EntryPath.ParseTarget(entry);
        if (target.Name.IsEmpty) throw EntryPath.Refused(entry.Name, "it is a hard link to the layer's root");
        var from = root.Open(target.Parent);
        if (from < 0) throw Missing(entry, from);
        try
        {
            if (lower is not null && !lower.IsOurs(from, target.Name)) throw Missing(entry, -ErrnoNames.ENOENT);
            var result = FileCalls.LinkAt(from, target.Name, parent, path.Name);
            if (result == -ErrnoNames.EEXIST)
            {
                if (target.Parent.SequenceEqual(path.Parent) && target.Name.SequenceEqual(path.Name)) return; // to itself: it is there
                Replace(parent, path.Name);
                result = FileCalls.LinkAt(from, target.Name, parent, path.Name);
            }

            if (result is -ErrnoNames.ENOENT or -ErrnoNames.EPERM) throw Missing(entry, result);
            Check("link", entry, result);
        }
        finally
        {
            FileCalls.Close(from);
        }
    }

    private void MakeNode(int parent, ReadOnlySpan<byte> name, TarEntry entry)
    {
        if (entry is { Type: TarEntryType.CharacterDevice, DeviceMajor: 0, DeviceMinor: 0 })
            throw EntryPath.Refused(entry.Name, "it is the device 0:0, which is no device and a whiteout to overlayfs");
        var type = entry.Type switch
        {
            TarEntryType.CharacterDevice => FileCalls.S_IFCHR,
            TarEntryType.BlockDevice => FileCalls.S_IFBLK,
            _ => FileCalls.S_IFIFO,
        };
        var device = FileCalls.MakeDevice(entry.DeviceMajor, entry.DeviceMinor);
        var result = FileCalls.MknodAt(parent, name, type | 0x180, device);
        if (result == -ErrnoNames.EEXIST)
        {
            Replace(parent, name);
            result = FileCalls.MknodAt(parent, name, type | 0x180, device);
        }

        Check("make", entry, result);
        Check("set the owner of", entry, FileCalls.ChownAt(parent, name, entry.User, entry.Group));
        Check("set the mode of", entry, FileCalls.ChmodAt(parent, name, entry.Mode));
        _xattrs.SetOn(parent, name, entry);
        Check("set the times of", entry, FileCalls.SetTimesAt(parent, name, entry.ModifiedSeconds, entry.ModifiedNanoseconds));
    }

    private void Hide(ILowerLayers layers, EntryPath path, TarEntry entry)
    {
        // .wh..wh.plnk and .wh..wh.aufs are AUFS's own bookkeeping, which old layers carry along.
        var hidden = path.Name[WhiteoutPrefix.Length..];
        var opaque = hidden.SequenceEqual(".wh..opq"u8);
        if (!opaque && hidden.StartsWith(".wh."u8)) return;
        if (hidden.IsEmpty || hidden.SequenceEqual("."u8) || hidden.SequenceEqual(".."u8))
            throw EntryPath.Refused(entry.Name, "it is a whiteout of no name");

        var probe = root.Open(path.Parent);
        if (probe >= 0) FileCalls.Close(probe);
        else if (probe == -ErrnoNames.ENOTDIR ? !layers.AreHere : layers.IsHidden(path.Parent)) return; // the directory is hidden itself, so what was in it is too
        var parent = root.FindParent(path.Parent, entry.Name);
        if (parent is -ErrnoNames.ENOTDIR or -ErrnoNames.ELOOP) return; // a file of this layer: nothing is below it
        Check("open the directory of", entry, parent);
        Check("make opaque by", entry, opaque ? layers.Empty(parent) : 0);
        if (opaque) return;
        Check("hide by", entry, layers.Hide(parent, hidden, Join(path.Parent, hidden)));
        root.Forget();
    }

    private static byte[] Join(ReadOnlySpan<byte> parent, ReadOnlySpan<byte> name) => parent.IsEmpty ? name.ToArray() : [.. parent, (byte)'/', .. name];

    /// <summary>Owner first: chown(2) clears the set-uid and set-gid bits, and drops security.capability.</summary>
    private void Describe(int file, TarEntry entry)
    {
        Check("set the owner of", entry, FileCalls.Chown(file, entry.User, entry.Group));
        Check("set the mode of", entry, FileCalls.Chmod(file, entry.Mode));
        _xattrs.Set(file, entry);
    }

    private void Replace(int parent, ReadOnlySpan<byte> name)
    {
        FileTree.Remove(parent, name);
        root.Forget();
    }

    private void SetDirectoryTimes()
    {
        foreach (var (name, seconds, nanoseconds) in _directoryTimes)
        {
            var path = EntryPath.Parse(name);
            var parent = root.Open(path.Parent);
            if (parent < 0) continue; // a later entry replaced it
            FileCalls.SetTimesAt(parent, path.Name.IsEmpty ? "."u8 : path.Name, seconds, nanoseconds);
            FileCalls.Close(parent);
        }
    }

    private static void Check(string action, TarEntry entry, int result)
    {
        if (result < 0) throw LayerRoot.Failed(action, entry.Name, result);
    }

    private static SuiteException Missing(TarEntry entry, int result) =>
        EntryPath.Refused(entry.Name, result == -ErrnoNames.EPERM
            ? $"it is a hard link to the directory '{TarEntry.Show(entry.LinkName)}'"
            : $"it is a hard link to '{TarEntry.Show(entry.LinkName)}', which is not in the layer");
}
