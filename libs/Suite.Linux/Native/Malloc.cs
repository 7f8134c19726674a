using System.Runtime.InteropServices;

namespace Suite.Linux.Native;

/// <summary>malloc.h of the GNU C library.</summary>
public static partial class Malloc
{
    /// <summary>malloc_trim(3): gives free pages of the C heap, where SQLite, zlib and OpenSSL allocate, back to the kernel.</summary>
    [LibraryImport("libc")]
    public static partial int malloc_trim(nuint pad);
}
