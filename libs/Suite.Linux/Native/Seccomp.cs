using System.Runtime.InteropServices;

namespace Suite.Linux.Native;

/// <summary>linux/seccomp.h and linux/filter.h: filters on the system calls of a process (seccomp(2)).</summary>
public static unsafe partial class Seccomp
{
    public const uint SECCOMP_SET_MODE_FILTER = 1;
    public const uint SECCOMP_FILTER_FLAG_TSYNC = 1;
    public const uint SECCOMP_FILTER_FLAG_LOG = 2;
    public const uint SECCOMP_FILTER_FLAG_SPEC_ALLOW = 4;
    public const uint SECCOMP_FILTER_FLAG_NEW_LISTENER = 8;
    public const uint SECCOMP_FILTER_FLAG_WAIT_KILLABLE_RECV = 32;

    public const uint SECCOMP_RET_KILL_PROCESS = 0x80000000;
    public const uint SECCOMP_RET_KILL_THREAD = 0;
    public const uint SECCOMP_RET_TRAP = 0x00030000;
    public const uint SECCOMP_RET_ERRNO = 0x00050000;
    public const uint SECCOMP_RET_USER_NOTIF = 0x7fc00000;
    public const uint SECCOMP_RET_TRACE = 0x7ff00000;
    public const uint SECCOMP_RET_LOG = 0x7ffc0000;
    public const uint SECCOMP_RET_ALLOW = 0x7fff0000;

    private static readonly long s_seccomp = RuntimeInformation.ProcessArchitecture == Architecture.X64 ? 317 : 277;

    [StructLayout(LayoutKind.Sequential)]
    public struct sock_filter
    {
        public ushort code;
        public byte jt;
        public byte jf;
        public uint k;
    }

    [StructLayout(LayoutKind.Sequential)]
    public struct sock_fprog
    {
        public ushort len;
        public sock_filter* filter;
    }

    /// <summary>Installs a filter. Returns 0, or the listener with NEW_LISTENER; -1 with errno.</summary>
    public static int SetFilter(uint flags, sock_fprog* program) =>
        (int)syscall(s_seccomp, (nint)SECCOMP_SET_MODE_FILTER, (nint)flags, (nint)program);

    [LibraryImport("libc", SetLastError = true)]
    private static partial long syscall(long number, nint first, nint second, nint third);
}
