using Suite.Image.Graph.Layers;
using Suite.Image.Graph.Tar;
using Suite.Linux.Errors;
using Suite.Linux.Native;

namespace Suite.Image.Graph.Changes;

/// <summary>
/// Writes changes as a layer's archive (image-spec layer.md, "Representing Changes"): what was deleted as explicit whiteouts, a
/// directory before its content, the further names of a file as hard links. The same tree gives the same bytes.
/// </summary>
/// <param name="root">The open root of the changed tree. It may be in use: what vanishes meanwhile is left out.</param>
/// <param name="latestTime">Seconds since the epoch; later times become it. Null: times stay.</param>
internal sealed class ChangeArchive(int root, Stream target, long? latestTime = null)
{
    private const ulong Inside = OpenAt2.RESOLVE_IN_ROOT | OpenAt2.RESOLVE_NO_SYMLINKS | OpenAt2.RESOLVE_NO_XDEV;

    private readonly TarWriter _writer = new(target);
    private readonly Dictionary<ulong, byte[]> _linked = [];

    /// <param name="changes">In the order that <see cref="TreeComparison"/> and the overlay's walk give.</param>
    public void Write(IEnumerable<TreeChange> changes, CancellationToken cancellationToken)
    {
        foreach (var change in changes)
        {
            cancellationToken.ThrowIfCancellationRequested();
            if (change.Path.Length == 0)
            {
                WriteRoot();
                continue;
            }

            var slash = change.Path.AsSpan().LastIndexOf((byte)'/');
            var name = change.Path.AsSpan(slash + 1);
            var parentPath = change.Path.AsSpan(0, Math.Max(slash, 0));
            if (change.Kind == TreeChangeKind.Deleted)
            {
                _writer.Begin(new TarEntry { Name = TreeChange.Join(parentPath, [.. ".wh."u8, .. name]) });
                continue;
            }

            var parent = OpenAt2.Open(root, parentPath.IsEmpty ? "."u8 : parentPath, FileCalls.O_RDONLY | FileCalls.O_DIRECTORY, Inside);
            if (parent is -ErrnoNames.ENOENT or -ErrnoNames.ENOTDIR or -ErrnoNames.ELOOP) continue;
            if (parent < 0) throw Failed("open the directory of", change, parent);
            try
            {
                WriteEntry(parent, name, change);
            }
            finally
            {
                FileCalls.Close(parent);
            }
        }

        _writer.Finish();
    }

    /// <summary>Writes what a walk finds, a directory before its content; <see cref="Finish"/> ends the archive.</summary>
    /// <param name="parent">The open directory that holds the name.</param>
    public void Add(int parent, ReadOnlySpan<byte> name, byte[] path) => WriteEntry(parent, name, new TreeChange(TreeChangeKind.Added, path));

    public void Finish() => _writer.Finish();

    private void WriteRoot()
    {
        FileCalls.StatAt(root, default, out var status);
        var entry = new TarEntry
        {
            Type = TarEntryType.Directory, Name = "./"u8.ToArray(), Mode = status.Mode & 0xFFFu, User = status.User, Group = status.Group,
            ModifiedSeconds = Seconds(status), ModifiedNanoseconds = Nanoseconds(status),
        };
        entry.Xattrs.AddRange(FileXattrs.Of(root));
        _writer.Begin(entry);
    }

    private void WriteEntry(int parent, ReadOnlySpan<byte> name, TreeChange change)
    {
        var result = FileCalls.StatAt(parent, name, out var status);
        if (result == -ErrnoNames.ENOENT) return;
        if (result < 0) throw Failed("stat", change, result);
        if (TypeOf(status) is not { } type) return; // a socket: it lives in a process, not in an archive
        var entry = new TarEntry
        {
            Type = type, Mode = status.Mode & 0xFFFu, User = status.User, Group = status.Group,
            Name = type == TarEntryType.Directory ? [.. change.Path, (byte)'/'] : change.Path,
            ModifiedSeconds = Seconds(status), ModifiedNanoseconds = Nanoseconds(status),
        };
        if (status.Links > 1 && type != TarEntryType.Directory && !_linked.TryAdd(status.Inode, change.Path))
        {
            (entry.Type, entry.LinkName) = (TarEntryType.HardLink, _linked[status.Inode]);
            _writer.Begin(entry);
            return;
        }

        switch (type)
        {
            case TarEntryType.File:
                WriteFile(parent, name, entry, change);
                return;
            case TarEntryType.SymbolicLink:
                entry.LinkName = FileLinks.Read(parent, name);
                break;
            case TarEntryType.CharacterDevice or TarEntryType.BlockDevice:
                (entry.DeviceMajor, entry.DeviceMinor) = (status.DeviceMajor, status.DeviceMinor);
                break;
        }

        entry.Xattrs.AddRange(FileXattrs.Of(parent, name));
        _writer.Begin(entry);
    }

    /// <summary>A file that grows or shrinks while it is read is cut, or filled with zeros, to the size that its header said.</summary>
    private void WriteFile(int parent, ReadOnlySpan<byte> name, TarEntry entry, TreeChange change)
    {
        var file = FileCalls.OpenAt(parent, name, FileCalls.O_RDONLY | FileCalls.O_NOFOLLOW);
        if (file is -ErrnoNames.ENOENT or -ErrnoNames.ELOOP) return;
        if (file < 0) throw Failed("open", change, file);
        try
        {
            FileCalls.StatAt(file, default, out var status);
            entry.Size = (long)status.Size;
            entry.Xattrs.AddRange(FileXattrs.Of(file));
            _writer.Begin(entry);
            var buffer = new byte[128 * 1024];
            for (var left = entry.Size; left > 0;)
            {
                var piece = buffer.AsSpan(0, (int)Math.Min(left, buffer.Length));
                var read = FileContent.Read(file, piece);
                if (read < 0) throw Failed("read", change, read);
                if (read == 0) piece.Clear();
                else piece = piece[..read];
                _writer.Write(piece);
                left -= piece.Length;
            }
        }
        finally
        {
            FileCalls.Close(file);
        }
    }

    private long Seconds(FileStatus status) => latestTime is { } latest ? Math.Min(latest, status.ModifiedSeconds) : status.ModifiedSeconds;

    private int Nanoseconds(FileStatus status) => latestTime is { } latest && status.ModifiedSeconds >= latest ? 0 : (int)status.ModifiedNanoseconds;

    private static TarEntryType? TypeOf(FileStatus status) => status.Type switch
    {
        FileCalls.S_IFREG => TarEntryType.File,
        FileCalls.S_IFDIR => TarEntryType.Directory,
        FileCalls.S_IFLNK => TarEntryType.SymbolicLink,
        FileCalls.S_IFCHR => TarEntryType.CharacterDevice,
        FileCalls.S_IFBLK => TarEntryType.BlockDevice,
        FileCalls.S_IFIFO => TarEntryType.Fifo,
        _ => null,
    };

    private static ErrnoException Failed(string action, TreeChange change, int result) => new($"{action} the changed file {change}", -result);
}
