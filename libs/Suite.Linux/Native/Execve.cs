using System.Runtime.InteropServices;

namespace Suite.Linux.Native;

/// <summary>execveat(2), which executes what is open; glibc wraps it since 2.34 under a feature macro.</summary>
public static unsafe partial class Execve
{
    private const int AT_EMPTY_PATH = 0x1000;

    private static readonly long s_execveat = RuntimeInformation.ProcessArchitecture == Architecture.X64 ? 322 : 281;

    /// <summary>Returns only when it failed, with errno.</summary>
    public static int At(int file, byte** arguments, byte** environment)
    {
        fixed (byte* empty = "\0"u8)
            return (int)syscall(s_execveat, file, (nint)empty, (nint)arguments, (nint)environment, AT_EMPTY_PATH);
    }

    [LibraryImport("libc", SetLastError = true)]
    private static partial long syscall(long number, nint first, nint second, nint third, nint fourth, nint fifth);
}
