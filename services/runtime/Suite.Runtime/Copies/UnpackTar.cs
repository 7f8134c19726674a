using System.Formats.Tar;
using Microsoft.Win32.SafeHandles;
using Suite.Linux.Errors;
using Suite.Linux.Files;
using Suite.Linux.Native;

namespace Suite.Runtime.Copies;

/// <summary>
/// Unpacks a tar archive into a folder. Every name is resolved inside the root: a link that the archive itself brings leads
/// nowhere but within it.
/// </summary>
internal sealed class UnpackTar(SafeFileHandle root, string folder, bool toRoot)
{
    public async Task UnpackAsync(Stream archive, CancellationToken cancellationToken)
    {
        try
        {
            await using var tar = new TarReader(archive, leaveOpen: true);
            while (await tar.GetNextEntryAsync(copyData: false, cancellationToken).ConfigureAwait(false) is { } entry)
            {
                if (entry.EntryType is not (TarEntryType.GlobalExtendedAttributes or TarEntryType.ExtendedAttributes))
                    await UnpackAsync(entry, cancellationToken).ConfigureAwait(false);
            }
        }
        catch (Exception broken) when (broken is InvalidDataException or FormatException or EndOfStreamException or ArgumentException)
        {
            throw new SuiteException(ErrorKind.InvalidArgument, $"the archive is not a tar archive: {broken.Message}", broken);
        }
    }

    private async Task UnpackAsync(TarEntry entry, CancellationToken cancellationToken)
    {
        var path = $"{folder.TrimEnd('/')}/{entry.Name.TrimStart('/').TrimEnd('/')}".TrimEnd('/');
        var name = path[(path.LastIndexOf('/') + 1)..];
        if (entry.EntryType == TarEntryType.Directory)
        {
            using var made = RootedFile.MakeFolder(root, path.Length > 0 ? path : "/");
            // The folder that it is unpacked into is not the archive's to change.
            if (name is not ("." or "") && path != folder.TrimEnd('/'))
                Finish(made, entry);
            return;
        }
        if (name is "" or "." or "..")
            throw new SuiteException(ErrorKind.InvalidArgument, $"the archive has a file with the name {entry.Name}");
        using var parent = RootedFile.MakeFolder(root, path[..(path.LastIndexOf('/') + 1)]);
        // What is there goes first: nothing is written through a link, or into a file that others have open.
        FileTree.Remove(RootedFile.Number(parent), RootedFile.Bytes(name));
        await MakeAsync(parent, name, entry, cancellationToken).ConfigureAwait(false);
    }

    private async Task MakeAsync(SafeFileHandle parent, string name, TarEntry entry, CancellationToken cancellationToken)
    {
        var (at, bytes) = (RootedFile.Number(parent), RootedFile.Bytes(name));
        switch (entry.EntryType)
        {
            case TarEntryType.RegularFile or TarEntryType.V7RegularFile or TarEntryType.ContiguousFile:
                var file = new SafeFileHandle(Check(FileCalls.OpenAt(at, bytes, FileCalls.O_WRONLY | FileCalls.O_CREAT | FileCalls.O_EXCL | FileCalls.O_NOFOLLOW | FileCalls.O_CLOEXEC, 0x180 /* 0600 */), entry), ownsHandle: true);
                await using (var content = new FileStream(file, FileAccess.Write, bufferSize: 0))
                {
                    if (entry.DataStream is { } data)
                        await data.CopyToAsync(content, cancellationToken).ConfigureAwait(false);
                    Finish(file, entry);
                }
                break;
            case TarEntryType.SymbolicLink:
                Check(FileCalls.SymlinkAt(RootedFile.Bytes(entry.LinkName), at, bytes), entry);
                Check(FileCalls.ChownAt(at, bytes, User(entry.Uid), User(entry.Gid)), entry);
                break;
            case TarEntryType.HardLink:
                var target = $"{folder.TrimEnd('/')}/{entry.LinkName.TrimStart('/')}";
                using (var from = RootedFile.OpenFolder(root, target[..(target.LastIndexOf('/') + 1)]))
                    Check(FileCalls.LinkAt(RootedFile.Number(from), RootedFile.Bytes(target[(target.LastIndexOf('/') + 1)..]), at, bytes), entry);
                break;
            case TarEntryType.Fifo:
                Check(FileCalls.MknodAt(at, bytes, FileCalls.S_IFIFO | (uint)entry.Mode, 0), entry);
                Check(FileCalls.ChownAt(at, bytes, User(entry.Uid), User(entry.Gid)), entry);
                break;
            default:
                throw new SuiteException(ErrorKind.InvalidArgument, $"the archive has a {entry.EntryType} {entry.Name}, which is not copied into a container");
        }
    }

    // Owner first: chown(2) clears set-user-id bits.
    private void Finish(SafeFileHandle file, TarEntry entry)
    {
        var number = RootedFile.Number(file);
        Check(FileCalls.Chown(number, User(entry.Uid), User(entry.Gid)), entry);
        Check(FileCalls.Chmod(number, (uint)entry.Mode), entry);
        var time = entry.ModificationTime;
        Check(FileCalls.SetTimes(number, time.ToUnixTimeSeconds(), (int)(time.Ticks % TimeSpan.TicksPerSecond) * 100), entry);
    }

    private uint User(int number) => toRoot ? 0 : (uint)number;

    private static int Check(int result, TarEntry entry) =>
        result >= 0 ? result : throw new ErrnoException($"unpack {entry.Name} in the container", -result);
}
