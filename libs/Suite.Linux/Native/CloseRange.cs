using System.Runtime.InteropServices;

namespace Suite.Linux.Native;

/// <summary>linux/close_range.h (5.9).</summary>
public static partial class CloseRange
{
    public const uint CLOSE_RANGE_CLOEXEC = 4;

    [LibraryImport("libc", SetLastError = true)]
    public static partial int close_range(uint first, uint last, int flags);
}
