using System.Runtime.InteropServices;

namespace Suite.Linux.Native;

/// <summary>struct statx (linux/stat.h): the same on every architecture, unlike struct stat.</summary>
[StructLayout(LayoutKind.Explicit, Size = 256)]
public struct FileStatus
{
    /// <summary>STATX_BASIC_STATS.</summary>
    internal const uint BasicMask = 0x7ff;

    [FieldOffset(16)] public uint Links;
    [FieldOffset(20)] public uint User;
    [FieldOffset(24)] public uint Group;
    [FieldOffset(28)] public ushort Mode;
    [FieldOffset(32)] public ulong Inode;
    [FieldOffset(40)] public ulong Size;

    /// <summary>512-byte blocks on disk.</summary>
    [FieldOffset(48)] public ulong Blocks;

    /// <summary>Of the last change of content or attributes; nobody can set it back.</summary>
    [FieldOffset(96)] public long ChangedSeconds;
    [FieldOffset(104)] public uint ChangedNanoseconds;

    [FieldOffset(112)] public long ModifiedSeconds;
    [FieldOffset(120)] public uint ModifiedNanoseconds;
    [FieldOffset(128)] public uint DeviceMajor;
    [FieldOffset(132)] public uint DeviceMinor;

    /// <summary>The device of the file system that holds it.</summary>
    [FieldOffset(136)] public uint FileSystemMajor;
    [FieldOffset(140)] public uint FileSystemMinor;

    /// <summary>The number of the mount it was reached through (5.8). It is another's when that is taken off.</summary>
    [FieldOffset(144)] public ulong MountId;

    public readonly uint Type => Mode & FileCalls.S_IFMT;

    public readonly bool IsDirectory => Type == FileCalls.S_IFDIR;

    /// <summary>overlayfs: a character device 0:0 hides the name below it (Documentation/filesystems/overlayfs.rst).</summary>
    public readonly bool IsOverlayWhiteout => Type == FileCalls.S_IFCHR && DeviceMajor == 0 && DeviceMinor == 0;
}
