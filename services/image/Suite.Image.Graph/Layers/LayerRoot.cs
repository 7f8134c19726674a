using Suite.Linux.Errors;
using Suite.Linux.Native;

namespace Suite.Image.Graph.Layers;

/// <summary>
/// The directory that a layer is unpacked into. Every path is resolved by the kernel with RESOLVE_IN_ROOT, so that a link which
/// the layer itself made, absolute or not, cannot lead out of it, whatever another process renames meanwhile.
/// </summary>
internal sealed class LayerRoot : IDisposable
{
    private const ulong Inside = OpenAt2.RESOLVE_IN_ROOT | OpenAt2.RESOLVE_NO_MAGICLINKS | OpenAt2.RESOLVE_NO_XDEV;

    private readonly int _root;
    private readonly ILowerLayers? _lower;
    private byte[] _lastPath = [];
    private int _last;

    /// <param name="lower">Null for an archive that is no layer, such as a build's context: <c>.wh.</c> means nothing there.</param>
    public LayerRoot(string path, ILowerLayers? lower)
        : this(Opened(path), lower)
    {
    }

    /// <param name="root">An open directory, which this takes over.</param>
    public LayerRoot(int root, ILowerLayers? lower)
    {
        (_root, _last, _lower) = (root, root, lower);
        lower?.Entered(root);
    }

    public static int Directory { get; } = FileCalls.O_RDONLY | FileCalls.O_DIRECTORY | FileCalls.O_NOFOLLOW;

    public int Descriptor => _root;

    /// <summary>
    /// The open directory at <paramref name="path"/>, made with its missing parents if need be. Valid until the next call: entries
    /// of a directory follow each other, so the last one is kept open.
    /// </summary>
    public int OpenParent(ReadOnlySpan<byte> path, ReadOnlySpan<byte> entry)
    {
        var opened = FindParent(path, entry);
        if (opened is -ErrnoNames.ENOTDIR or -ErrnoNames.ELOOP or -ErrnoNames.EXDEV)
            throw EntryPath.Refused(entry, "what should be its directory is none");
        return opened >= 0 ? opened : throw Failed("open the directory of", entry, opened);
    }

    /// <summary>As <see cref="OpenParent"/>; the negated errno where something is in the way.</summary>
    public int FindParent(ReadOnlySpan<byte> path, ReadOnlySpan<byte> entry)
    {
        if (path.IsEmpty) return _root;
        if (_last != _root && path.SequenceEqual(_lastPath)) return _last;
        // Where lower layers lie in the same directory their links must not be followed, so each part is looked at.
        var opened = _lower is { AreHere: true } ? -ErrnoNames.ENOENT : Open(path);
        if (opened is -ErrnoNames.ENOENT or -ErrnoNames.ENOTDIR) opened = Make(path, entry);
        if (opened < 0) return opened;
        Close();
        (_last, _lastPath) = (opened, path.ToArray());
        return opened;
    }

    /// <summary>The open directory at <paramref name="path"/>, or the negated errno. The caller closes it.</summary>
    public int Open(ReadOnlySpan<byte> path) =>
        OpenAt2.Open(_root, path.IsEmpty ? "."u8 : path, FileCalls.O_RDONLY | FileCalls.O_DIRECTORY, Inside);

    /// <summary>To be called when a name is replaced that may be part of the kept directory's path. It stays open: it may be in use.</summary>
    public void Forget() => _lastPath = [];

    public void Dispose()
    {
        Close();
        FileCalls.Close(_root);
    }

    private void Close()
    {
        if (_last != _root) FileCalls.Close(_last);
        _last = _root;
    }

    public static ErrnoException Failed(string action, ReadOnlySpan<byte> entry, int result) =>
        new($"{action} the tar entry '{Tar.TarEntry.Show(entry)}'", -result);

    /// <summary>Walks down and makes what is missing: archives may leave parents out (layer.md, "Changeset"). 0755, root's.</summary>
    private int Make(ReadOnlySpan<byte> path, ReadOnlySpan<byte> entry)
    {
        var at = FileCalls.OpenAt(_root, "."u8, Directory);
        var length = 0;
        foreach (var range in path.Split((byte)'/'))
        {
            var component = path[range];
            length = range.End.GetOffset(path.Length);
            // From the root again, as a link on the way is to be followed inside the root.
            var cleared = _lower is { AreHere: true } ? _lower.Clear(at, component) : 0;
            var next = cleared < 0 ? cleared : Open(path[..length]);
            if (next == -ErrnoNames.ENOENT) next = MakeOne(at, component, path[..length]);
            else if (next == -ErrnoNames.ENOTDIR) next = Uncover(at, component, path[..length]);
            if (next < 0) FileCalls.Close(at);
            if (next is -ErrnoNames.EEXIST) throw EntryPath.Refused(entry, "its directory is a symbolic link to nothing");
            if (next is -ErrnoNames.ENOTDIR or -ErrnoNames.ELOOP or -ErrnoNames.EXDEV) return next;
            if (next < 0) throw Failed("make the directory of", entry, next);
            if (_lower is { AreHere: true } && LeadsBelow(at, component, next))
            {
                FileCalls.Close(at);
                FileCalls.Close(next);
                throw EntryPath.Refused(entry, "its directory is a symbolic link out of the layer");
            }

            FileCalls.Close(at);
            at = next;
            _lower?.Entered(at);
        }

        return at;
    }

    private int MakeOne(int parent, ReadOnlySpan<byte> name, ReadOnlySpan<byte> path)
    {
        var made = FileCalls.MkdirAt(parent, name, 0x1ED);
        // A link that points nowhere is there already and cannot be made a directory: EEXIST, and the entry is refused.
        if (made < 0) return made;
        var directory = FileCalls.OpenAt(parent, name, Directory);
        if (directory >= 0) FileCalls.Chmod(directory, 0x1ED); // the umask took its part
        _lower?.Implied(path);
        return directory;
    }

    /// <summary>A link of this layer that leads to a directory which only lower layers have: where they are not here it leads to nothing.</summary>
    private bool LeadsBelow(int parent, ReadOnlySpan<byte> name, int directory) =>
        !_lower!.IsOurs(directory, default) && FileCalls.StatAt(parent, name, out var status) == 0 && status.Type == FileCalls.S_IFLNK;

    /// <summary>A name that this layer deleted and then filled again becomes an opaque directory.</summary>
    private int Uncover(int parent, ReadOnlySpan<byte> name, ReadOnlySpan<byte> path)
    {
        if (_lower is null) return -ErrnoNames.ENOTDIR;
        var result = _lower.Clear(parent, name);
        if (result <= 0) return result < 0 ? result : -ErrnoNames.ENOTDIR;
        var directory = MakeOne(parent, name, path);
        if (directory >= 0) _lower.Told(directory, path); // new, whatever lower layers had
        if (directory >= 0 && (result = _lower.Empty(directory)) < 0)
        {
            FileCalls.Close(directory);
            return result;
        }

        return directory;
    }

    private static int Opened(string path)
    {
        var root = FileCalls.OpenAt(FileCalls.AT_FDCWD, System.Text.Encoding.UTF8.GetBytes(path), Directory);
        return root >= 0 ? root : throw new ErrnoException($"open the layer directory {path}", -root);
    }
}
