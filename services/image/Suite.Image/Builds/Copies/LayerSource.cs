using System.Text;
using Microsoft.Win32.SafeHandles;
using Suite.Image.Graph.Drivers;
using Suite.Image.Graph.Layers;
using Suite.Image.Graph.Overlay;
using Suite.Linux.Errors;
using Suite.Linux.Native;

namespace Suite.Image.Builds.Copies;

/// <summary>The files of some layers, as a container would see them, or of a single directory, which is a stack of one.</summary>
internal sealed class LayerSource(OpenedTree tree) : ISourceTree, IDisposable
{
    private readonly OverlayView _view = new(tree.TopFirst);

    public static LayerSource Of(string folder) => new(new OpenedTree([folder]));

    public SourceFile? Find(string path)
    {
        var (resolved, status) = _view.Resolve("/" + path);
        return status is { } found ? SourceFile.Of(resolved.Trim('/'), found, "") : null;
    }

    public IReadOnlyList<SourceFile> In(SourceFile directory)
    {
        using var opened = Open(directory.Path);
        return Read(opened, directory.Path);
    }

    public IEnumerable<SourceFile> Below(SourceFile directory)
    {
        using var opened = Open(directory.Path);
        foreach (var file in Below(opened, directory.Path)) yield return file;
    }

    public Stream Open(SourceFile file) => At(file, (directory, name) =>
    {
        var opened = FileCalls.OpenAt(directory, name, FileCalls.O_RDONLY | FileCalls.O_NOFOLLOW);
        return opened >= 0 ? new FileStream(new SafeFileHandle(opened, ownsHandle: true), FileAccess.Read, 0) : throw new ErrnoException($"open {file.Path} to copy it", -opened);
    });

    public IReadOnlyList<(byte[] Name, byte[] Value)> Xattrs(SourceFile file) => file.Path.Length == 0 ? [] : At(file, (directory, name) => FileXattrs.Of(directory, name));

    public void Dispose() => tree.Dispose();

    private static IEnumerable<SourceFile> Below(LowerDirectory opened, string path)
    {
        foreach (var file in Read(opened, path))
        {
            yield return file;
            if (!file.IsDirectory) continue;
            using var inside = opened.Enter(Encoding.UTF8.GetBytes(file.Name));
            foreach (var below in Below(inside, file.Path)) yield return below;
        }
    }

    private static List<SourceFile> Read(LowerDirectory opened, string path)
    {
        var files = new List<SourceFile>();
        foreach (var name in opened.Names())
        {
            if (opened.Find(name) is not { } found) continue;
            var link = found.Status.Type == FileCalls.S_IFLNK ? Encoding.UTF8.GetString(FileLinks.Read(found.Directory, name)) : "";
            var text = Encoding.UTF8.GetString(name);
            files.Add(SourceFile.Of(path.Length == 0 ? text : $"{path}/{text}", found.Status, link));
        }

        return files;
    }

    private T At<T>(SourceFile file, Func<int, byte[], T> work)
    {
        var slash = file.Path.LastIndexOf('/');
        using var directory = Open(slash < 0 ? "" : file.Path[..slash]);
        var name = Encoding.UTF8.GetBytes(file.Name);
        return directory.Find(name) is { } found ? work(found.Directory, name) : throw new SuiteException(ErrorKind.NotFound, $"'{file.Path}' is gone while it was copied.");
    }

    private LowerDirectory Open(string path)
    {
        var at = LowerDirectory.OpenRoot(tree.TopFirst);
        foreach (var part in path.Split('/', StringSplitOptions.RemoveEmptyEntries))
        {
            var next = at.Enter(Encoding.UTF8.GetBytes(part));
            at.Dispose();
            at = next;
        }

        return at;
    }
}
