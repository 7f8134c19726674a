using System.Runtime.InteropServices;

namespace Suite.Linux.Native;

/// <summary>sys/mman.h.</summary>
public static partial class Mman
{
    public const int MADV_DONTNEED = 4;

    /// <summary>Says how a part of the address space is used; see madvise(2).</summary>
    /// <returns>0, or -1 with errno.</returns>
    [LibraryImport("libc", SetLastError = true)]
    public static partial int madvise(nuint address, nuint length, int advice);
}
