using System.Text;
using Suite.Linux.Files;

namespace Suite.Runtime.Users;

/// <summary>
/// Reads single files of a root file system that is not mounted here: the container's own init mounts it, in its own mount
/// namespace, while a status has to tell user and group in numbers before. Looks each name up in the layers from the top, as
/// overlayfs does, with whiteouts, opaque directories and links, and never leaves the layers: a path of the image is only ever
/// appended to a layer's path after its links were resolved here.
/// </summary>
/// <param name="layers">Directories, the topmost first.</param>
internal sealed class LayeredTree(IReadOnlyList<string> layers)
{
    private const int MostLinks = 40; // as the kernel: path_resolution(7)
    private const int LargestFile = 1 << 20;

    /// <summary>A file's text; empty when it is not there, or no regular file, or larger than a list of accounts would be.</summary>
    public string ReadText(string path)
    {
        if (Resolve(path) is not { } found || FileStatus.Of(found, followLink: false) is not { Kind: FileKind.Regular, Size: <= LargestFile })
            return "";
        return File.ReadAllText(found, Encoding.UTF8);
    }

    /// <summary>Where a path of the merged tree is kept, a directory's topmost share; null when it is not there.</summary>
    public string? Resolve(string path) => Find(path) is [var top, ..] ? top : null;

    /// <summary>
    /// All that makes up a path of the merged tree: a file, or the directories of a directory, the topmost first, which laid over
    /// each other are that directory. Empty when it is not there.
    /// </summary>
    public IReadOnlyList<string> Find(string path)
    {
        var links = 0;
        var pending = new Stack<string>(Parts(path).Reverse());
        var walked = new List<string>();
        var places = layers;
        string? file = null;
        while (pending.TryPop(out var name))
        {
            if (name == "..")
            {
                // Back to the parent, or to the root again at the root.
                foreach (var part in walked.SkipLast(1).Reverse())
                    pending.Push(part);
                walked.Clear();
                places = layers;
                file = null;
                continue;
            }
            if (file is not null || Top(places, name) is not var (top, status, below))
                return [];
            if (status.Kind == FileKind.SymbolicLink)
            {
                if (++links > MostLinks || new FileInfo(top).LinkTarget is not { } target)
                    return [];
                foreach (var part in Parts(target).Reverse())
                    pending.Push(part);
                if (target.StartsWith('/'))
                {
                    walked.Clear();
                    places = layers;
                }
                continue;
            }
            walked.Add(name);
            if (status.Kind == FileKind.Directory)
                places = below;
            else
                file = top;
        }
        return file is null ? places : [file];
    }

    // The topmost node of a name, and for a directory every layer's share of it.
    private static (string Path, FileStatus Status, IReadOnlyList<string> Below)? Top(IReadOnlyList<string> places, string name)
    {
        (string, FileStatus)? top = null;
        var below = new List<string>();
        foreach (var place in places)
        {
            var path = Path.Combine(place, name);
            if (FileStatus.Of(path, followLink: false) is not { } status)
                continue;
            if (status.IsWhiteout)
                break;
            top ??= (path, status);
            if (status.Kind != FileKind.Directory)
                break;
            below.Add(path);
            if (FileStatus.IsOpaque(path))
                break;
        }
        return top is var (found, kind) ? (found, kind, below) : null;
    }

    private static IEnumerable<string> Parts(string path) =>
        path.Split('/', StringSplitOptions.RemoveEmptyEntries).Where(part => part != ".");
}
