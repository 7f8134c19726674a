using System.Formats.Tar;
using System.Text;
using Microsoft.Win32.SafeHandles;
using Suite.Linux.Errors;
using Suite.Linux.Native;

namespace Suite.Runtime.Copies;

/// <summary>A file or folder of a container as a tar archive. Walked by descriptors: what is swapped for a link meanwhile is not followed.</summary>
internal sealed class PackTar(TarWriter tar)
{
    /// <summary>A name in an open folder, and all below it, under <paramref name="name"/> in the archive.</summary>
    public async Task AddAsync(SafeFileHandle folder, string entry, string name, CancellationToken cancellationToken)
    {
        var result = FileCalls.StatAt(RootedFile.Number(folder), RootedFile.Bytes(entry), out var status);
        if (result == -ErrnoNames.ENOENT)
            return;
        if (result < 0)
            throw new ErrnoException($"look at {name} in the container", -result);
        switch (status.Type)
        {
            case FileCalls.S_IFDIR:
                using (var inner = Open(folder, entry, FileCalls.O_DIRECTORY))
                    await AddFolderAsync(inner, name, cancellationToken).ConfigureAwait(false);
                break;
            case FileCalls.S_IFREG:
                using (var file = Open(folder, entry, 0))
                    await AddFileAsync(file, name, cancellationToken).ConfigureAwait(false);
                break;
            case FileCalls.S_IFLNK:
                await WriteAsync(new PaxTarEntry(TarEntryType.SymbolicLink, name) { LinkName = TargetOf(folder, entry) }, status, cancellationToken).ConfigureAwait(false);
                break;
            case FileCalls.S_IFIFO:
                await WriteAsync(new PaxTarEntry(TarEntryType.Fifo, name), status, cancellationToken).ConfigureAwait(false);
                break;
            case FileCalls.S_IFCHR or FileCalls.S_IFBLK:
                var device = new PaxTarEntry(status.Type == FileCalls.S_IFCHR ? TarEntryType.CharacterDevice : TarEntryType.BlockDevice, name);
                (device.DeviceMajor, device.DeviceMinor) = ((int)status.DeviceMajor, (int)status.DeviceMinor);
                await WriteAsync(device, status, cancellationToken).ConfigureAwait(false);
                break;
            default:
                // A socket lives with its process, and no archive has a word for it.
                break;
        }
    }

    public async Task AddFolderAsync(SafeFileHandle folder, string name, CancellationToken cancellationToken)
    {
        await WriteAsync(new PaxTarEntry(TarEntryType.Directory, name.TrimEnd('/') + "/"), Status(folder, name), cancellationToken).ConfigureAwait(false);
        var entries = new List<byte[]>();
        var result = Dirent.Read(RootedFile.Number(folder), entries);
        if (result < 0)
            throw new ErrnoException($"read the folder {name} in the container", -result);
        foreach (var entry in entries.Select(Encoding.UTF8.GetString).Order(StringComparer.Ordinal))
            await AddAsync(folder, entry, $"{name.TrimEnd('/')}/{entry}", cancellationToken).ConfigureAwait(false);
    }

    public async Task AddFileAsync(SafeFileHandle file, string name, CancellationToken cancellationToken)
    {
        // Looked at again through the descriptor: the size that is promised is of the file that is read.
        var status = Status(file, name);
        await using var content = new FileStream(file, FileAccess.Read, bufferSize: 0);
        await WriteAsync(new PaxTarEntry(TarEntryType.RegularFile, name) { DataStream = content }, status, cancellationToken).ConfigureAwait(false);
    }

    private Task WriteAsync(PaxTarEntry entry, FileStatus status, CancellationToken cancellationToken)
    {
        (entry.Uid, entry.Gid, entry.Mode) = ((int)status.User, (int)status.Group, (UnixFileMode)(status.Mode & 0xfff));
        entry.ModificationTime = DateTimeOffset.FromUnixTimeSeconds(status.ModifiedSeconds).AddTicks(status.ModifiedNanoseconds / 100);
        return tar.WriteEntryAsync(entry, cancellationToken);
    }

    private static SafeFileHandle Open(SafeFileHandle folder, string entry, int flags)
    {
        var descriptor = FileCalls.OpenAt(RootedFile.Number(folder), RootedFile.Bytes(entry), FileCalls.O_RDONLY | FileCalls.O_NOFOLLOW | FileCalls.O_NONBLOCK | FileCalls.O_CLOEXEC | flags);
        return descriptor >= 0 ? new SafeFileHandle(descriptor, ownsHandle: true) : throw new ErrnoException($"open {entry} in the container", -descriptor);
    }

    private static FileStatus Status(SafeFileHandle file, string name)
    {
        var result = FileCalls.StatAt(RootedFile.Number(file), ""u8, out var status);
        return result >= 0 ? status : throw new ErrnoException($"look at {name} in the container", -result);
    }

    private static string TargetOf(SafeFileHandle folder, string entry)
    {
        var target = new byte[4096];
        var length = FileCalls.ReadLinkAt(RootedFile.Number(folder), RootedFile.Bytes(entry), target);
        return length >= 0 ? Encoding.UTF8.GetString(target, 0, length) : throw new ErrnoException($"read the link {entry} in the container", -length);
    }
}
