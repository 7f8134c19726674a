using System.Runtime.InteropServices;

namespace Suite.Linux.Native;

/// <summary>The part of unistd.h about the names of utsname.</summary>
public static unsafe partial class Uts
{
    [LibraryImport("libc", SetLastError = true)]
    public static partial int setdomainname(byte* name, nuint length);
}
