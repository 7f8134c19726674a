using System.Globalization;

namespace Suite.Linux.Processes;

/// <summary>The fields of /proc/PID/stat (proc_pid_stat(5)) that say whether a process still runs.</summary>
/// <param name="State">The letter of the state; <c>Z</c> is a process that ended and was not waited for.</param>
/// <param name="StartTime">Ticks since boot: with the process id it names one process for as long as the kernel runs.</param>
/// <param name="ExitStatus">As waitpid(2) gives it, when the process ended.</param>
public readonly record struct ProcessStat(int Pid, char State, ulong StartTime, int ExitStatus)
{
    public bool HasEnded => State is 'Z' or 'X';

    /// <returns>Null when there is no such process.</returns>
    public static ProcessStat? Read(int pid)
    {
        try
        {
            return Parse(pid, File.ReadAllText($"/proc/{pid}/stat"));
        }
        catch (IOException)
        {
            return null; // ENOENT, or ESRCH when it ended between open and read
        }
    }

    internal static ProcessStat Parse(int pid, string text)
    {
        // The second field is the name in parentheses and may itself hold spaces and parentheses; the third starts behind the last one.
        var fields = text[(text.LastIndexOf(')') + 2)..].TrimEnd().Split(' ');
        return new ProcessStat(
            pid,
            fields[0][0],
            ulong.Parse(fields[19], CultureInfo.InvariantCulture),
            fields.Length > 49 ? int.Parse(fields[49], CultureInfo.InvariantCulture) : 0);
    }
}
