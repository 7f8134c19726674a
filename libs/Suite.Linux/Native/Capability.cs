using System.Runtime.InteropServices;

namespace Suite.Linux.Native;

/// <summary>linux/capability.h.</summary>
public static unsafe partial class Capability
{
    public const uint _LINUX_CAPABILITY_VERSION_3 = 0x20080522;
    public const int CAP_LAST_CAP = 40;

    [StructLayout(LayoutKind.Sequential)]
    public struct cap_user_header_t
    {
        public uint version;
        public int pid;
    }

    [StructLayout(LayoutKind.Sequential)]
    public struct cap_user_data_t
    {
        public uint effective;
        public uint permitted;
        public uint inheritable;
    }

    [LibraryImport("libc", SetLastError = true)]
    public static partial int capget(cap_user_header_t* header, cap_user_data_t* data);

    [LibraryImport("libc", SetLastError = true)]
    public static partial int capset(cap_user_header_t* header, cap_user_data_t* data);
}
