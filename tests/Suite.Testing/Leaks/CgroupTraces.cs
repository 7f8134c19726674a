namespace Suite.Testing.Leaks;

/// <summary>Control groups named after the instance, in every hierarchy and below whatever group the services run in.</summary>
internal static class CgroupTraces
{
    // An instance's parent is at the root of a hierarchy or below the services' own group, never deep.
    private const int Depth = 4;

    public static IEnumerable<string> Of(string instance) =>
        File.ReadLines("/proc/self/mountinfo")
            .Where(line => line.Contains(" - cgroup", StringComparison.Ordinal))
            .Select(line => line.Split(' ')[4])
            .Distinct()
            .SelectMany(hierarchy => Find(hierarchy, instance, Depth))
            .Select(path => $"cgroup {path}");

    private static IEnumerable<string> Find(string folder, string instance, int depth)
    {
        foreach (var child in Children(folder))
        {
            if (Traces.Names(Path.GetFileName(child), instance))
                yield return child;
            else if (depth > 1)
            {
                foreach (var found in Find(child, instance, depth - 1))
                    yield return found;
            }
        }
    }

    // Others make and remove groups while this looks.
    private static string[] Children(string folder)
    {
        try
        {
            return Directory.GetDirectories(folder);
        }
        catch (DirectoryNotFoundException)
        {
            return [];
        }
    }
}
