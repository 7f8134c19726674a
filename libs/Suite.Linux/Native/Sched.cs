using System.Runtime.InteropServices;

namespace Suite.Linux.Native;

/// <summary>linux/sched.h: making processes, and the namespaces of namespaces(7).</summary>
public static unsafe partial class Sched
{
    public const ulong CLONE_NEWTIME = 0x80;
    public const ulong CLONE_PIDFD = 0x1000;
    public const ulong CLONE_PARENT = 0x8000;
    public const ulong CLONE_NEWNS = 0x20000;
    public const ulong CLONE_NEWCGROUP = 0x2000000;
    public const ulong CLONE_NEWUTS = 0x4000000;
    public const ulong CLONE_NEWIPC = 0x8000000;
    public const ulong CLONE_NEWUSER = 0x10000000;
    public const ulong CLONE_NEWPID = 0x20000000;
    public const ulong CLONE_NEWNET = 0x40000000;
    public const ulong CLONE_INTO_CGROUP = 0x200000000;

    // The number is the same on every architecture (5.3); glibc has no wrapper because the child of a bare clone3 lacks its
    // bookkeeping, which is exactly the fork-like copy wanted here.
    private const long SYS_clone3 = 435;

    [StructLayout(LayoutKind.Sequential)]
    public struct clone_args
    {
        public ulong flags;
        public ulong pidfd;
        public ulong child_tid;
        public ulong parent_tid;
        public ulong exit_signal;
        public ulong stack;
        public ulong stack_size;
        public ulong tls;
        public ulong set_tid;
        public ulong set_tid_size;
        public ulong cgroup;
    }

    /// <summary>Copies this process. Returns the child's pid in the parent, 0 in the child, -1 with errno.</summary>
    public static int clone3(clone_args* args) => (int)syscall(SYS_clone3, (nint)args, (nint)sizeof(clone_args));

    [LibraryImport("libc", SetLastError = true)]
    private static partial long syscall(long number, nint first, nint second);
}
