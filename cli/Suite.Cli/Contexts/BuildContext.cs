using System.Text;
using Suite.Linux.Errors;
using Suite.Linux.Native;

namespace Suite.Cli.Contexts;

/// <summary>The folder that a build may copy from, without what its .dockerignore leaves out; and the Dockerfile, wherever that is.</summary>
internal sealed class BuildContext
{
    private readonly string _folder;
    private readonly IgnoreFile _ignore;

    private BuildContext(string folder, byte[] dockerfile, string dockerfileName, IgnoreFile ignore, IReadOnlyList<string> ignored)
    {
        _folder = folder;
        Dockerfile = dockerfile;
        DockerfileName = dockerfileName;
        _ignore = ignore;
        Ignored = ignored;
    }

    /// <summary>Its content.</summary>
    public byte[] Dockerfile { get; }

    /// <summary>For people.</summary>
    public string DockerfileName { get; }

    /// <summary>The patterns of .dockerignore.</summary>
    public IReadOnlyList<string> Ignored { get; }

    /// <param name="dockerfile">Null: FOLDER/Dockerfile; "-": standard input.</param>
    public static BuildContext Open(string folder, string? dockerfile, Stream input)
    {
        if (!Directory.Exists(folder))
            throw new SuiteException(ErrorKind.NotFound, $"cannot build from {folder}: there is no such folder");
        folder = Path.GetFullPath(folder);
        if (dockerfile == "-")
        {
            using var content = new MemoryStream();
            input.CopyTo(content);
            return Open(folder, content.ToArray(), "Dockerfile", Path.Combine(folder, "Dockerfile"));
        }

        var path = dockerfile is null ? Path.Combine(folder, "Dockerfile") : Path.GetFullPath(dockerfile);
        if (!File.Exists(path))
        {
            throw new SuiteException(
                ErrorKind.NotFound, $"cannot build from {folder}: there is no file {path}; say with -f where the Dockerfile is");
        }

        return Open(folder, File.ReadAllBytes(path), Path.GetFileName(path), path);
    }

    /// <summary>A folder that others filled: nothing that is read of it here may be outside of it.</summary>
    /// <param name="dockerfile">From the folder; null: Dockerfile.</param>
    public static BuildContext OpenForeign(string folder, string? dockerfile)
    {
        folder = RealPath(folder);
        var path = Path.GetFullPath(Path.Combine(folder, dockerfile ?? "Dockerfile"));
        foreach (var read in (string[])[path, path + ".dockerignore", Path.Combine(folder, ".dockerignore")])
        {
            if (File.Exists(read) && !RealPath(read).StartsWith(folder + "/", StringComparison.Ordinal))
                throw new SuiteException(ErrorKind.InvalidArgument, $"cannot build: the context's {Path.GetFileName(read)} leads out of it");
        }

        return File.Exists(path) && path.StartsWith(folder + "/", StringComparison.Ordinal)
            ? Open(folder, File.ReadAllBytes(path), dockerfile ?? "Dockerfile", path)
            : throw new SuiteException(ErrorKind.NotFound, $"cannot build: the context has no file {dockerfile ?? "Dockerfile"}; say with -f where the Dockerfile is");
    }

    /// <summary>A Dockerfile without a folder.</summary>
    /// <param name="empty">A folder with nothing in it.</param>
    public static BuildContext OfDockerfile(byte[] content, string empty) => Open(empty, content, "Dockerfile", Path.Combine(empty, "Dockerfile"));

    // Links are resolved on the way, too: each folder of a path may be one.
    private static string RealPath(string path)
    {
        var real = "";
        foreach (var part in Path.GetFullPath(path).Split('/', StringSplitOptions.RemoveEmptyEntries))
        {
            var next = $"{real}/{part}";
            real = new FileInfo(next).ResolveLinkTarget(returnFinalTarget: true) is { } target ? RealPath(target.FullName) : next;
        }

        return real;
    }

    /// <summary>Files, folders and links, in order: the same folder gives the same list.</summary>
    public IEnumerable<ContextFile> Files() => Files(_folder, "");

    private IEnumerable<ContextFile> Files(string folder, string prefix)
    {
        foreach (var name in Directory.EnumerateFileSystemEntries(folder).Select(p => Path.GetFileName(p)!).Order(StringComparer.Ordinal))
        {
            var (path, full) = (prefix + name, Path.Combine(folder, name));
            var left = _ignore.LeavesOut(path);
            // Gone meanwhile is as if it had not been there.
            if (FileCalls.StatAt(FileCalls.AT_FDCWD, Encoding.UTF8.GetBytes(full), out var status) != 0)
                continue;
            if (status.IsDirectory)
            {
                if (!left)
                    yield return new ContextFile(path, full, status.Mode, 0, status.ModifiedSeconds, "");
                if (left && !_ignore.HasExceptions)
                    continue;
                foreach (var inside in Files(full, path + "/"))
                    yield return inside;
            }
            else if (!left && status.Type == FileCalls.S_IFREG)
            {
                yield return new ContextFile(path, full, status.Mode, (long)status.Size, status.ModifiedSeconds, "");
            }
            else if (!left && status.Type == FileCalls.S_IFLNK)
            {
                yield return new ContextFile(path, full, status.Mode, 0, status.ModifiedSeconds, new FileInfo(full).LinkTarget ?? "");
            }

            // Sockets, pipes and devices mean something on this machine only.
        }
    }

    private static BuildContext Open(string folder, byte[] content, string name, string path)
    {
        foreach (var ignore in (string[])[path + ".dockerignore", Path.Combine(folder, ".dockerignore")])
        {
            if (!File.Exists(ignore))
                continue;
            var lines = File.ReadAllLines(ignore);
            return new BuildContext(folder, content, name, new IgnoreFile(lines), [.. lines.Select(l => l.Trim()).Where(l => l.Length > 0 && l[0] != '#')]);
        }

        return new BuildContext(folder, content, name, new IgnoreFile([]), []);
    }
}

/// <summary>One entry of a context.</summary>
/// <param name="Path">From the context's root, with slashes.</param>
/// <param name="FullPath">On this machine.</param>
/// <param name="Mode">With the type.</param>
/// <param name="ModifiedAt">Seconds since the epoch.</param>
internal sealed record ContextFile(string Path, string FullPath, uint Mode, long Size, long ModifiedAt, string Link)
{
    public bool IsFile => (Mode & FileCalls.S_IFMT) == FileCalls.S_IFREG;
}
