using System.Runtime.InteropServices;

namespace Suite.Linux.Native;

/// <summary>kill(2).</summary>
internal static partial class Kill
{
    [LibraryImport("libc", SetLastError = true)]
    public static partial int kill(int pid, int signal);
}
