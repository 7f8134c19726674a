using System.Text;
using Suite.Linux.Native;

namespace Suite.Linux.Files;

/// <summary>Tells whether a file is still the one it was: its inode, size and the time of the inode's last change (statx(2)).</summary>
public readonly record struct FileStamp(ulong Inode, ulong Size, long ChangedSeconds, uint ChangedNanoseconds)
{
    /// <returns>Null when the path cannot be looked at.</returns>
    public static FileStamp? Of(string path) => FileCalls.Stat(Encoding.UTF8.GetBytes(path), followLink: true, out var found) < 0
        ? null
        : new FileStamp(found.Inode, found.Size, found.ChangedSeconds, found.ChangedNanoseconds);
}
