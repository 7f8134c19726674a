using System.Runtime.InteropServices;

namespace Suite.Linux.Native;

/// <summary>The part of unistd.h about owners that takes a directory.</summary>
public static unsafe partial class FileOwner
{
    [LibraryImport("libc", SetLastError = true)]
    public static partial int fchownat(int directory, byte* path, uint owner, uint group, int flags);
}
