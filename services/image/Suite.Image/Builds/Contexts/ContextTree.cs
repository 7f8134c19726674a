using Suite.Image.Builds.Copies;
using Suite.Linux.Errors;
using Suite.Linux.Native;

namespace Suite.Image.Builds.Contexts;

/// <summary>A context as its list says it is; the content of its files is in the store, or is still to be asked for.</summary>
internal sealed class ContextTree : ISourceTree
{
    /// <summary>As many links as the kernel follows (path_resolution(7)).</summary>
    private const int MaxLinks = 40;

    private readonly Dictionary<string, SourceFile> _files = new(StringComparer.Ordinal);
    private readonly Dictionary<string, SortedSet<string>> _names = new(StringComparer.Ordinal);
    private readonly ContextStore _store;

    public ContextTree(ContextStore store)
    {
        _store = store;
        _files[""] = new SourceFile("", FileCalls.S_IFDIR | 0x1ED);
        _names[""] = new SortedSet<string>(StringComparer.Ordinal);
    }

    public int Count => _files.Count - 1;

    /// <summary>Adds an entry, and directories on the way to it that were not told.</summary>
    public void Add(SourceFile file)
    {
        if (file.Path.Split('/').Any(p => p.Length == 0 || p is "." or "..") || file.Path.Contains('\0', StringComparison.Ordinal))
            throw new SuiteException(ErrorKind.InvalidArgument, $"The context has an entry '{file.Path}', whose path is not plain.");
        var parent = Parent(file.Path);
        if (!_files.TryGetValue(parent, out var above)) Add(new SourceFile(parent, FileCalls.S_IFDIR | 0x1ED));
        else if (!above.IsDirectory) throw new SuiteException(ErrorKind.InvalidArgument, $"The context has an entry '{file.Path}', and '{parent}' is no directory.");
        if (_files.TryGetValue(file.Path, out var before) && before.IsDirectory != file.IsDirectory && _names.TryGetValue(file.Path, out var inside) && inside.Count > 0)
            throw new SuiteException(ErrorKind.InvalidArgument, $"The context has '{file.Path}' as a directory and as a file.");
        _files[file.Path] = file;
        _names[parent].Add(file.Name);
        if (file.IsDirectory) _names.TryAdd(file.Path, new SortedSet<string>(StringComparer.Ordinal));
    }

    public SourceFile? Find(string path)
    {
        var left = new Stack<string>(Parts(path).Reverse());
        var done = "";
        var links = 0;
        while (left.TryPop(out var part))
        {
            if (part == "..")
            {
                done = done.Length == 0 ? "" : Parent(done); // never above the root
                continue;
            }

            var next = Join(done, part);
            if (!_files.TryGetValue(next, out var file)) return null;
            if (!file.IsLink)
            {
                if (!file.IsDirectory && left.Count > 0) return null;
                done = next;
                continue;
            }

            if (++links > MaxLinks) throw new SuiteException(ErrorKind.InvalidArgument, $"Too many links on the way to '{path}' in the context.");
            if (file.Link.StartsWith('/')) done = "";
            foreach (var step in Parts(file.Link).Reverse()) left.Push(step);
        }

        return _files[done];
    }

    public IReadOnlyList<SourceFile> In(SourceFile directory) =>
        _names.TryGetValue(directory.Path, out var names) ? [.. names.Select(n => _files[Join(directory.Path, n)])] : [];

    public IEnumerable<SourceFile> Below(SourceFile directory)
    {
        foreach (var file in In(directory))
        {
            yield return file;
            if (!file.IsDirectory) continue;
            foreach (var below in Below(file)) yield return below;
        }
    }

    public Stream Open(SourceFile file) => file.Size == 0 || file.Digest is null ? Stream.Null : _store.Open(file.Digest);

    public IReadOnlyList<(byte[] Name, byte[] Value)> Xattrs(SourceFile file) => [];

    private static IEnumerable<string> Parts(string path) => path.Split('/').Where(p => p.Length > 0 && p != ".");

    private static string Parent(string path) => path.LastIndexOf('/') is var slash and > 0 ? path[..slash] : "";

    private static string Join(string directory, string name) => directory.Length == 0 ? name : $"{directory}/{name}";
}
