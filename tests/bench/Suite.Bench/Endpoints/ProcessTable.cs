namespace Suite.Bench.Endpoints;

/// <summary>/proc, as far as memory is counted from it (proc(5)).</summary>
internal static class ProcessTable
{
    // USER_HZ: the same on every architecture that .NET runs on.
    private const double TicksPerSecond = 100;

    /// <summary>Process ids whose command line satisfies a condition.</summary>
    public static IEnumerable<int> Where(Func<string[], bool> commandLine)
    {
        foreach (var folder in Directory.EnumerateDirectories("/proc"))
        {
            if (int.TryParse(Path.GetFileName(folder), out var id) && commandLine(Read($"{folder}/cmdline").Split('\0')))
                yield return id;
        }
    }

    /// <summary>The children of processes.</summary>
    public static IEnumerable<int> Children(IEnumerable<int> parents) =>
        parents.SelectMany(id => Directory.Exists($"/proc/{id}/task") ? Directory.EnumerateDirectories($"/proc/{id}/task") : [])
            .SelectMany(thread => Read($"{thread}/children").Split(' ', StringSplitOptions.RemoveEmptyEntries))
            .Select(int.Parse);

    /// <summary>Proportional set size, in KiB: memory shared between processes is divided among them, so that a sum is honest.</summary>
    public static long Pss(int id) =>
        Read($"/proc/{id}/smaps_rollup").Split('\n')
            .Where(line => line.StartsWith("Pss:", StringComparison.Ordinal))
            .Sum(line => long.Parse(line.Split(' ', StringSplitOptions.RemoveEmptyEntries)[1]));

    /// <summary>Of processes and of those they have waited for (proc(5), stat): a runtime's short-lived children count as its own.</summary>
    public static TimeSpan ProcessorTime(IEnumerable<int> ids) => TimeSpan.FromSeconds(ids.Sum(Ticks) / TicksPerSecond);

    public static string[] CommandLine(int id) => Read($"/proc/{id}/cmdline").Split('\0');

    // The name of the program is in brackets and may hold anything; utime, stime, cutime and cstime are the 12th to 15th behind it.
    private static long Ticks(int id) =>
        Read($"/proc/{id}/stat").Split(')')[^1].Split(' ', StringSplitOptions.RemoveEmptyEntries) is { Length: > 15 } fields
            ? fields[11..15].Sum(long.Parse)
            : 0;

    private static string Read(string path)
    {
        try
        {
            return File.ReadAllText(path);
        }
        catch (IOException)
        {
            return ""; // ended meanwhile
        }
    }
}
