using Suite.Linux.Errors;
using Tmds.Linux;

namespace Suite.Linux.Processes;

/// <summary>Signals to processes that are not our children.</summary>
public static class ProcessSignals
{
    public const int SIGKILL = 9;
    public const int SIGTERM = 15;

    /// <returns>False when there is no such process (any more).</returns>
    public static bool Send(int pid, int signal)
    {
        // kill(2) with 0 or a negative number means a group of processes: never wanted here.
        ArgumentOutOfRangeException.ThrowIfLessThan(pid, 1);
        if (LibC.kill(pid, signal) == 0)
            return true;
        var error = LibC.errno;
        return error == ErrnoNames.ESRCH ? false : throw new ErrnoException($"send signal {signal} to process {pid}", error);
    }
}
