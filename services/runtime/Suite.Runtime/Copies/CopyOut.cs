using System.Formats.Tar;
using System.Text;
using Microsoft.Win32.SafeHandles;
using Suite.Linux.Errors;
using Suite.Linux.Native;
using Suite.Runtime.Containers;

namespace Suite.Runtime.Copies;

/// <summary>What a path in a container is.</summary>
internal sealed record PathDescription(string Name, FileStatus Status, string LinkTarget)
{
    /// <summary>Nanoseconds since the epoch.</summary>
    public long ModifiedAt => (Status.ModifiedSeconds * 1_000_000_000) + Status.ModifiedNanoseconds;
}

/// <summary>A file or folder of a container, running or not, as a tar archive.</summary>
internal sealed class CopyOut(ContainerRoots roots)
{
    /// <param name="container">Any.</param>
    /// <param name="path">In it.</param>
    /// <param name="follow">Of a link at the end of the path, what it leads to.</param>
    /// <param name="describe">Told first.</param>
    /// <param name="archive">Where the archive goes.</param>
    public Task CopyAsync(ContainerRecord container, string path, bool follow, Func<PathDescription, Task> describe, Stream archive, CancellationToken cancellationToken) =>
        roots.WithRootAsync(container, async root =>
        {
            using var file = TryOpenPath(root, path, follow) ?? throw Missing(container, path);
            var description = Describe(file, path);
            await describe(description).ConfigureAwait(false);
            await using (var tar = new TarWriter(archive, TarEntryFormat.Pax, leaveOpen: true))
                await PackAsync(container, root, new PackTar(tar), path, follow, description, cancellationToken).ConfigureAwait(false);
            await archive.FlushAsync(cancellationToken).ConfigureAwait(false);
            return true;
        }, cancellationToken);

    private static async Task PackAsync(ContainerRecord container, SafeFileHandle root, PackTar pack, string path, bool follow, PathDescription description, CancellationToken cancellationToken)
    {
        if (description.Status.IsDirectory)
        {
            using var folder = RootedFile.OpenFolder(root, path);
            await pack.AddFolderAsync(folder, description.Name, cancellationToken).ConfigureAwait(false);
            return;
        }
        if (description.Status.Type == FileCalls.S_IFREG)
        {
            using var file = RootedFile.TryOpen(root, path, FileCalls.O_RDONLY | FileCalls.O_NONBLOCK | (follow ? 0 : FileCalls.O_NOFOLLOW))
                ?? throw Missing(container, path);
            await pack.AddFileAsync(file, description.Name, cancellationToken).ConfigureAwait(false);
            return;
        }
        var slash = path.LastIndexOf('/');
        using var parent = RootedFile.OpenFolder(root, slash > 0 ? path[..slash] : "/");
        await pack.AddAsync(parent, path[(slash + 1)..], description.Name, cancellationToken).ConfigureAwait(false);
    }

    private static SafeFileHandle? TryOpenPath(SafeFileHandle root, string path, bool follow) =>
        RootedFile.TryOpen(root, path, FileCalls.O_PATH | (follow || path.EndsWith('/') ? 0 : FileCalls.O_NOFOLLOW));

    private static SuiteException Missing(ContainerRecord container, string path) => new(ErrorKind.NotFound, $"there is no {path} in container {container.Name}");

    private static PathDescription Describe(SafeFileHandle file, string path)
    {
        var result = FileCalls.StatAt(RootedFile.Number(file), ""u8, out var status);
        if (result < 0)
            throw new ErrnoException($"look at {path} in the container", -result);
        var target = "";
        if (status.Type == FileCalls.S_IFLNK)
        {
            var buffer = new byte[4096];
            target = Encoding.UTF8.GetString(buffer, 0, Math.Max(0, FileCalls.ReadLinkAt(RootedFile.Number(file), ""u8, buffer)));
        }
        var name = Path.GetFileName(path.TrimEnd('/'));
        return new PathDescription(name is "" or "." or ".." ? "." : name, status, target);
    }
}
