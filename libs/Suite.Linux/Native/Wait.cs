using System.Runtime.InteropServices;

namespace Suite.Linux.Native;

/// <summary>sys/wait.h.</summary>
public static unsafe partial class Wait
{
    public const int WNOHANG = 1;
    public const int __WALL = 0x40000000;

    [LibraryImport("libc", SetLastError = true)]
    public static partial int waitpid(int pid, int* status, int options);

    /// <summary>What a shell reports: the exit code, or 128 and the signal.</summary>
    public static int ExitCode(int status) => (status & 0x7f) == 0 ? (status >> 8) & 0xff : 128 + (status & 0x7f);
}
