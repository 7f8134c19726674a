namespace Suite.Testing.Leaks;

/// <summary>Processes of the instance: its command line names it, or it is in one of its control groups.</summary>
internal static class ProcessTraces
{
    public static IEnumerable<string> Of(string instance)
    {
        foreach (var folder in Directory.EnumerateDirectories("/proc"))
        {
            if (!int.TryParse(Path.GetFileName(folder), out var pid) || pid == Environment.ProcessId)
                continue;
            var command = Read(folder, "cmdline").Replace('\0', ' ').TrimEnd();
            if (Traces.Names(command, instance) || Read(folder, "cgroup").Split('\n').Any(line => Traces.Names(line, instance)))
                yield return $"process {pid} {(command.Length > 0 ? command : Read(folder, "comm").TrimEnd())}";
        }
    }

    // A process may end between the listing and the reading.
    private static string Read(string folder, string file)
    {
        try
        {
            return File.ReadAllText(Path.Combine(folder, file));
        }
        catch (IOException)
        {
            return "";
        }
        catch (UnauthorizedAccessException)
        {
            return "";
        }
    }
}
