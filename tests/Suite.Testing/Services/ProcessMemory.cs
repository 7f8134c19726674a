using System.Globalization;

namespace Suite.Testing.Services;

/// <summary>What another process holds in memory: its own pages, and those of files that it has mapped, its program among them (proc(5)).</summary>
public static class ProcessMemory
{
    /// <summary>KiB now, and at the most since <see cref="ForgetPeak"/>.</summary>
    public static (long Now, long Peak) Of(int process)
    {
        var lines = File.ReadAllLines($"/proc/{process}/status");
        long Figure(string name) => long.Parse(
            lines.First(line => line.StartsWith(name, StringComparison.Ordinal)).Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries)[1], CultureInfo.InvariantCulture);
        return (Figure("VmRSS:"), Figure("VmHWM:"));
    }

    /// <summary>Writing 5 to clear_refs sets the peak to what is held now.</summary>
    public static void ForgetPeak(int process) => File.WriteAllText($"/proc/{process}/clear_refs", "5");
}
