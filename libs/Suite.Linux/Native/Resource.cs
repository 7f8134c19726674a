using System.Runtime.InteropServices;

namespace Suite.Linux.Native;

/// <summary>sys/resource.h.</summary>
public static unsafe partial class Resource
{
    [StructLayout(LayoutKind.Sequential)]
    public struct rlimit_t
    {
        public ulong rlim_cur;
        public ulong rlim_max;
    }

    [LibraryImport("libc", SetLastError = true)]
    public static partial int prlimit(int pid, int resource, rlimit_t* newLimit, rlimit_t* oldLimit);
}
