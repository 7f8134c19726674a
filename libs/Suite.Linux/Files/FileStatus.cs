using System.Runtime.InteropServices;
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
    private const int S_IFMT = 0xf000;

    /// <summary>A deleted file, in a layer of an overlay (linux/Documentation/filesystems/overlayfs.rst).</summary>
    public bool IsWhiteout => this is { Kind: FileKind.CharacterDevice, DeviceMajor: 0, DeviceMinor: 0 };

    /// <summary>Null: nothing is there.</summary>
    public static unsafe FileStatus? Of(string path, bool followLink)
    {
        Statx.statx_t buffer;
        if (Statx.statx(Statx.AT_FDCWD, path, followLink ? 0 : Statx.AT_SYMLINK_NOFOLLOW, Statx.STATX_BASIC_STATS, &buffer) != 0)
        {
            var errno = Marshal.GetLastPInvokeError();
            return errno is ErrnoNames.ENOENT or ErrnoNames.ENOTDIR ? null : throw new ErrnoException($"look at {path}", errno);
        }
        return new FileStatus(
            KindOf(buffer.stx_mode), buffer.stx_mode & 0xfffu, buffer.stx_uid, buffer.stx_gid, buffer.stx_size, buffer.stx_rdev_major, buffer.stx_rdev_minor);
    }

    /// <summary>Whether a directory of an overlay's layer hides those of the same name below it.</summary>
    public static unsafe bool IsOpaque(string directory)
    {
        byte value;
        return Statx.lgetxattr(directory, "trusted.overlay.opaque", &value, 1) == 1 && value == (byte)'y';
    }

    private static FileKind KindOf(ushort mode) => (mode & S_IFMT) switch
    {
        0x8000 => FileKind.Regular,
        0x4000 => FileKind.Directory,
        0xa000 => FileKind.SymbolicLink,
        0x2000 => FileKind.CharacterDevice,
        0x6000 => FileKind.BlockDevice,
        _ => FileKind.Other,
    };
}
