using System.Text;
using Suite.Linux.Errors;
using Suite.Linux.Native;

namespace Suite.Linux.Files;

public enum FileKind
{
    Other,
    Regular,
    Directory,
    SymbolicLink,
    CharacterDevice,
    BlockDevice,
}

/// <summary>What stat(2) says of a path, and .NET does not: the kind of node, and a device's numbers.</summary>
/// <param name="Mode">Permission bits, setuid and sticky included.</param>
/// <param name="DeviceMajor">Of a device node; 0 otherwise.</param>
public sealed record FileStatus(FileKind Kind, uint Mode, uint Uid, uint Gid, ulong Size, uint DeviceMajor, uint DeviceMinor)
{
    /// <summary>A deleted file, in a layer of an overlay (linux/Documentation/filesystems/overlayfs.rst).</summary>
    public bool IsWhiteout => this is { Kind: FileKind.CharacterDevice, DeviceMajor: 0, DeviceMinor: 0 };

    /// <summary>Null: nothing is there.</summary>
    public static FileStatus? Of(string path, bool followLink)
    {
        var result = FileCalls.Stat(Encoding.UTF8.GetBytes(path), followLink, out var found);
        if (result is -ErrnoNames.ENOENT or -ErrnoNames.ENOTDIR)
            return null;
        if (result < 0)
            throw new ErrnoException($"look at {path}", -result);
        return new FileStatus(
            KindOf(found.Type), found.Mode & ~FileCalls.S_IFMT, found.User, found.Group, found.Size, found.DeviceMajor, found.DeviceMinor);
    }

    /// <summary>Whether a directory of an overlay's layer hides those of the same name below it.</summary>
    public static bool IsOpaque(string directory)
    {
        Span<byte> value = stackalloc byte[1];
        return Xattr.GetNoFollow(Encoding.UTF8.GetBytes(directory), "trusted.overlay.opaque"u8, value) == 1 && value[0] == (byte)'y';
    }

    private static FileKind KindOf(uint type) => type switch
    {
        FileCalls.S_IFREG => FileKind.Regular,
        FileCalls.S_IFDIR => FileKind.Directory,
        FileCalls.S_IFLNK => FileKind.SymbolicLink,
        FileCalls.S_IFCHR => FileKind.CharacterDevice,
        FileCalls.S_IFBLK => FileKind.BlockDevice,
        _ => FileKind.Other,
    };
}
