using System.Runtime.InteropServices;

namespace Suite.Linux.Native;

/// <summary>signal.h, past glibc: it hides the signals 32 and 33 from sigaction(2), which its own posix_spawn sets to be ignored.</summary>
public static unsafe partial class Signals
{
    // struct sigaction of the kernel, on every architecture, in its default state: all zero. 32 bytes are enough.
    private const int ActionSize = 32;

    private static readonly long s_rtSigaction = RuntimeInformation.ProcessArchitecture == Architecture.X64 ? 13 : 134;

    /// <summary>Gives a signal its default action. KILL and STOP have no other.</summary>
    public static void SetDefault(int signal)
    {
        var action = stackalloc byte[ActionSize];
        new Span<byte>(action, ActionSize).Clear();
        _ = syscall(s_rtSigaction, signal, (nint)action, 0, sizeof(ulong));
    }

    /// <summary>Has a signal do nothing. Ignored signals stay so over execve (signal(7)).</summary>
    public static void Ignore(int signal)
    {
        var action = stackalloc byte[ActionSize];
        new Span<byte>(action, ActionSize).Clear();
        *(nint*)action = 1; // SIG_IGN
        _ = syscall(s_rtSigaction, signal, (nint)action, 0, sizeof(ulong));
    }

    [LibraryImport("libc", SetLastError = true)]
    private static partial long syscall(long number, nint first, nint second, nint third, nint fourth);
}
