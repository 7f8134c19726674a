using System.Globalization;
using System.Runtime.InteropServices;
using Suite.Linux.Errors;
using Suite.Linux.Handles;
using static Tmds.Linux.LibC;

namespace Suite.Linux.Native;

/// <summary>sys/pidfd.h: a descriptor of a process, which stays that process's when its number is used again (pidfd_open(2)).</summary>
public static unsafe partial class ProcessDescriptors
{
    // The same on every architecture, as all calls since Linux 5.1 are. glibc has a wrapper since 2.36.
    private const long SYS_pidfd_open = 434;

    /// <exception cref="ErrnoException">There is no such process (any more).</exception>
    public static int Open(int pid)
    {
        var fd = (int)syscall(SYS_pidfd_open, pid, 0);
        return fd >= 0 ? fd : throw new ErrnoException($"open the process {pid}", errno);
    }

    /// <summary>
    /// The number that the process has in the pid namespace of the /proc that is mounted here, which need not be that of who asks.
    /// </summary>
    public static int PidOf(int processDescriptor)
    {
        foreach (var line in (Descriptor.TryReadText($"/proc/self/fdinfo/{processDescriptor}") ?? "").Split('\n'))
        {
            if (line.StartsWith("Pid:", StringComparison.Ordinal) && int.TryParse(line.AsSpan(4).Trim(), NumberStyles.None, CultureInfo.InvariantCulture, out var pid))
                return pid;
        }

        throw new SuiteException(ErrorKind.Internal, "find the number of a process: its descriptor has none; is /proc mounted?");
    }

    [LibraryImport("libc", SetLastError = true)]
    private static partial long syscall(long number, nint first, nint second);
}
