using System.Formats.Tar;
using System.Text;
using Suite.Linux.Errors;
using Suite.Linux.Native;

namespace Suite.Cli.Contexts;

/// <summary>The folder that a build may copy from, as a tar stream.</summary>
internal sealed class BuildContext
{
    // A Dockerfile outside the folder travels in it under a name that no one else has.
    private const string ForeignDockerfile = ".suite-dockerfile";

    private readonly string _folder;
    private readonly string _dockerfilePath;
    private readonly IgnoreFile _ignore;

    private BuildContext(string folder, string dockerfilePath, string dockerfile, IgnoreFile ignore)
    {
        _folder = folder;
        _dockerfilePath = dockerfilePath;
        Dockerfile = dockerfile;
        _ignore = ignore;
    }

    /// <summary>Path of the Dockerfile in the tar.</summary>
    public string Dockerfile { get; }

    public static BuildContext Open(string folder, string? dockerfile)
    {
        if (!Directory.Exists(folder))
            throw new SuiteException(ErrorKind.NotFound, $"cannot build from {folder}: there is no such folder");
        folder = Path.GetFullPath(folder);
        var path = dockerfile is null ? Path.Combine(folder, "Dockerfile") : Path.GetFullPath(dockerfile);
        if (!File.Exists(path))
        {
            throw new SuiteException(
                ErrorKind.NotFound, $"cannot build from {folder}: there is no file {path}; say with -f where the Dockerfile is");
        }

        var name = Path.GetRelativePath(folder, path);
        return new BuildContext(folder, path, name.StartsWith("..", StringComparison.Ordinal) ? ForeignDockerfile : name, ReadIgnore(folder, path));
    }

    public async Task WriteAsync(Stream stream, CancellationToken cancellationToken)
    {
        await using var tar = new TarWriter(stream, TarEntryFormat.Pax, leaveOpen: true);
        // First, so that the other side can read it before the rest has come; never left out, as nothing could be built then.
        await WriteEntryAsync(tar, new FileInfo(_dockerfilePath), Dockerfile, cancellationToken);
        await WriteFolderAsync(tar, new DirectoryInfo(_folder), "", cancellationToken);
    }

    private async Task WriteFolderAsync(TarWriter tar, DirectoryInfo folder, string prefix, CancellationToken cancellationToken)
    {
        // Ordered, so that the same folder is the same stream and a cache on the other side can know it again.
        foreach (var info in folder.EnumerateFileSystemInfos().OrderBy(i => i.Name, StringComparer.Ordinal))
        {
            var path = prefix + info.Name;
            var left = _ignore.LeavesOut(path);
            if (info is DirectoryInfo inner && inner.LinkTarget is null)
            {
                if (!left)
                    await WriteEntryAsync(tar, inner, path, cancellationToken);
                if (!left || _ignore.HasExceptions)
                    await WriteFolderAsync(tar, inner, path + "/", cancellationToken);
            }
            else if (!left && path != Dockerfile)
            {
                await WriteEntryAsync(tar, info, path, cancellationToken);
            }
        }
    }

    private static async Task WriteEntryAsync(TarWriter tar, FileSystemInfo info, string name, CancellationToken cancellationToken)
    {
        var type = info.LinkTarget is not null ? TarEntryType.SymbolicLink
            : info is DirectoryInfo ? TarEntryType.Directory
            : IsRegular(info) ? TarEntryType.RegularFile
            : default(TarEntryType?);
        // Sockets, pipes and devices mean something on this machine only.
        if (type is null)
            return;

        // Owner and group stay 0, as COPY gives them to root whoever owns them here.
        var entry = new PaxTarEntry(type.Value, name)
        {
            Mode = info.UnixFileMode,
            ModificationTime = info.LastWriteTimeUtc,
        };
        if (type == TarEntryType.SymbolicLink)
            entry.LinkName = info.LinkTarget!;
        await using var content = type == TarEntryType.RegularFile ? File.OpenRead(info.FullName) : null;
        if (content is not null)
            entry.DataStream = content;
        await tar.WriteEntryAsync(entry, cancellationToken);
    }

    private static bool IsRegular(FileSystemInfo info) =>
        FileCalls.StatAt(FileCalls.AT_FDCWD, Encoding.UTF8.GetBytes(info.FullName), out var status) == 0
        && status.Type == FileCalls.S_IFREG;

    private static IgnoreFile ReadIgnore(string folder, string dockerfile)
    {
        foreach (var path in (string[])[dockerfile + ".dockerignore", Path.Combine(folder, ".dockerignore")])
        {
            if (File.Exists(path))
                return new IgnoreFile(File.ReadLines(path));
        }

        return new IgnoreFile([]);
    }
}
