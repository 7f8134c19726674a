using System.Runtime.InteropServices;

namespace Suite.Linux.Native;

/// <summary>sys/signalfd.h.</summary>
public static unsafe partial class Signalfd
{
    public const int SFD_NONBLOCK = 0x800;
    public const int SFD_CLOEXEC = 0x80000;

    /// <summary>Bytes of one struct signalfd_siginfo.</summary>
    public const int InfoSize = 128;

    /// <param name="mask">A sigset_t: 1024 bits, bit n - 1 for signal n.</param>
    [LibraryImport("libc", SetLastError = true)]
    public static partial int signalfd(int fd, ulong* mask, int flags);
}
