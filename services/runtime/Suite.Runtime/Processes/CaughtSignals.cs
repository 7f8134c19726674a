using System.Globalization;

namespace Suite.Runtime.Processes;

/// <summary>Which signals a process can be sent with any effect.</summary>
internal static class CaughtSignals
{
    /// <summary>
    /// Whether the kernel drops a signal: process 1 of a pid namespace gets none that it has no handler for (pid_namespaces(7)). One that
    /// was started a moment ago may have one soon.
    /// </summary>
    /// <param name="pid">On the host.</param>
    public static bool IsDropped(int pid, int signal) => pid > 0 && TryReadStatus(pid) is { } status && IsDropped(status, signal);

    /// <param name="status">The text of /proc/PID/status (proc_pid_status(5)).</param>
    internal static bool IsDropped(string status, int signal)
    {
        var bit = 1UL << (signal - 1);
        return Field(status, "NSpid:").Split('\t', ' ')[^1] == "1"
            && ulong.TryParse(Field(status, "SigCgt:"), NumberStyles.HexNumber, CultureInfo.InvariantCulture, out var caught)
            && (caught & bit) == 0;
    }

    private static string Field(string status, string name)
    {
        foreach (var line in status.Split('\n'))
        {
            if (line.StartsWith(name, StringComparison.Ordinal))
                return line[name.Length..].Trim();
        }
        return "";
    }

    private static string? TryReadStatus(int pid)
    {
        try
        {
            return File.ReadAllText($"/proc/{pid}/status");
        }
        catch (IOException)
        {
            // It has ended.
            return null;
        }
    }
}
