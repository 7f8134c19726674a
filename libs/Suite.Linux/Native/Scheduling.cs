using System.Runtime.InteropServices;

namespace Suite.Linux.Native;

/// <summary>linux/sched/types.h, linux/ioprio.h, linux/mempolicy.h and sys/personality.h: how a process runs. glibc wraps the last alone.</summary>
public static unsafe partial class Scheduling
{
    private static readonly bool s_x64 = RuntimeInformation.ProcessArchitecture == Architecture.X64;

    [StructLayout(LayoutKind.Sequential)]
    public struct sched_attr
    {
        public uint size;
        public uint sched_policy;
        public ulong sched_flags;
        public int sched_nice;
        public uint sched_priority;
        public ulong sched_runtime;
        public ulong sched_deadline;
        public ulong sched_period;
        public uint sched_util_min;
        public uint sched_util_max;
    }

    public static int SetScheduler(sched_attr* attributes) => (int)syscall(s_x64 ? 314 : 274, 0, (nint)attributes, 0);

    /// <param name="priority">The class in the bits from 13, the level below.</param>
    public static int SetIoPriority(uint priority) => (int)syscall(s_x64 ? 251 : 30, 1 /* IOPRIO_WHO_PROCESS */, 0, (nint)priority);

    public static int SetAffinity(byte* mask, int size) => (int)syscall(s_x64 ? 203 : 122, 0, size, (nint)mask);

    public static int SetMemoryPolicy(int mode, byte* nodes, int bits) => (int)syscall(s_x64 ? 238 : 237, mode, (nint)nodes, bits);

    [LibraryImport("libc", SetLastError = true)]
    public static partial int personality(nuint persona);

    [LibraryImport("libc", SetLastError = true)]
    private static partial long syscall(long number, nint first, nint second, nint third);
}
