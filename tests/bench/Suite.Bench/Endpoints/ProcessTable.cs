namespace Suite.Bench.Endpoints;

/// <summary>/proc, as far as memory is counted from it (proc(5)).</summary>
internal static class ProcessTable
{
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

    public static string[] CommandLine(int id) => Read($"/proc/{id}/cmdline").Split('\0');

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
