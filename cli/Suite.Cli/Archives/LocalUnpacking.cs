using System.Formats.Tar;
using Suite.Linux.Errors;

namespace Suite.Cli.Archives;

/// <summary>
/// Makes what an archive's entries say, all of it at or below one path: the first name of each entry gives way to that path, and
/// nothing is written through a link.
/// </summary>
internal sealed class LocalUnpacking(string place)
{
    public async Task TakeAsync(TarEntry entry, CancellationToken cancellationToken)
    {
        var path = PathOf(entry.Name);
        if (path is null || Above(path).Any(IsLink))
            throw new SuiteException(ErrorKind.Corrupt, $"the archive has an entry {entry.Name}, which leads out of {place}: nothing more was copied");
        // An archive need not name the folders on the way to a file.
        if (path.Length > place.Length)
            Directory.CreateDirectory(Path.GetDirectoryName(path)!);
        if (entry.EntryType == TarEntryType.Directory)
        {
            Directory.CreateDirectory(path);
            File.SetUnixFileMode(path, entry.Mode | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
            return;
        }

        if (Directory.Exists(path) && !IsLink(path))
            throw new SuiteException(ErrorKind.FailedPrecondition, $"cannot copy {entry.Name} to {path}: that is a folder");
        switch (entry.EntryType)
        {
            case TarEntryType.RegularFile or TarEntryType.V7RegularFile:
                // Beside it first: who reads the old one reads it whole.
                var beside = $"{path}.suite-{Environment.ProcessId}";
                await entry.ExtractToFileAsync(beside, overwrite: true, cancellationToken);
                File.Move(beside, path, overwrite: true);
                break;
            case TarEntryType.SymbolicLink:
                File.Delete(path);
                File.CreateSymbolicLink(path, entry.LinkName);
                break;
            default:
                throw new SuiteException(ErrorKind.Unsupported, $"cannot copy {entry.Name}: it is a {entry.EntryType}");
        }
    }

    private string? PathOf(string name)
    {
        var parts = name.Split('/', StringSplitOptions.RemoveEmptyEntries);
        return parts.Any(part => part == "..") ? null : Path.Combine([place, .. parts.Skip(1)]);
    }

    private IEnumerable<string> Above(string path)
    {
        for (var folder = Path.GetDirectoryName(path); folder is not null && folder.Length > place.Length; folder = Path.GetDirectoryName(folder))
            yield return folder;
    }

    private static bool IsLink(string path) => new FileInfo(path).LinkTarget is not null;
}
