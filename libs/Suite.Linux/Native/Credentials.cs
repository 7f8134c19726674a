using System.Runtime.InteropServices;

namespace Suite.Linux.Native;

/// <summary>
/// Who a process is (credentials(7)), by the bare system calls. glibc's functions of these names change all threads, which they
/// find in a list of theirs (nptl(7)): in a copy made by a bare clone3 that list still has the threads of the original. In a new
/// pid namespace one of their numbers can be the copy's own, and the function then waits for ever for an answer from itself.
/// </summary>
public static unsafe partial class Credentials
{
    private static readonly bool s_x64 = RuntimeInformation.ProcessArchitecture == Architecture.X64;

    /// <summary>setgroups(2). 0, or -1 with errno.</summary>
    public static int SetGroups(ReadOnlySpan<uint> groups)
    {
        fixed (uint* first = groups)
            return (int)syscall(s_x64 ? 116 : 159, groups.Length, (nint)first, 0);
    }

    /// <summary>setresgid(2) with the same id three times. 0, or -1 with errno.</summary>
    public static int SetGroup(uint gid) => (int)syscall(s_x64 ? 119 : 149, (nint)gid, (nint)gid, (nint)gid);

    /// <summary>setresuid(2) with the same id three times. 0, or -1 with errno.</summary>
    public static int SetUser(uint uid) => (int)syscall(s_x64 ? 117 : 147, (nint)uid, (nint)uid, (nint)uid);

    [LibraryImport("libc", SetLastError = true)]
    private static partial long syscall(long number, nint first, nint second, nint third);
}
