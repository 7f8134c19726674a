using System.Runtime.InteropServices;

namespace Suite.Linux.Native;

/// <summary>sys/fsuid.h: as whom a thread touches files (setfsuid(2)). The calls say the former id, never that they failed.</summary>
public static partial class FileIdentity
{
    [LibraryImport("libc")]
    public static partial int setfsuid(uint uid);

    [LibraryImport("libc")]
    public static partial int setfsgid(uint gid);
}
