using System.Globalization;

namespace Suite.Runtime.Oci.Containers;

/// <summary>The processes of a container: of its cgroup and of those it made below it.</summary>
internal static class CgroupTree
{
    public static IReadOnlyList<int> Processes(Container container)
    {
        var hierarchy = container.Host.Unified ?? container.Host.Find("pids") ?? container.Host.Hierarchies[0];
        var directory = hierarchy.PathOf(container.Record.CgroupPath);
        if (!Directory.Exists(directory))
            return [];
        return [.. new[] { directory }.Concat(Directory.EnumerateDirectories(directory, "*", SearchOption.AllDirectories))
            .SelectMany(folder => Read(folder)).Distinct().Order()];
    }

    private static IEnumerable<int> Read(string folder)
    {
        var text = Linux.Handles.Descriptor.TryReadText($"{folder}/cgroup.procs") ?? "";
        return text.Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(line => int.Parse(line, CultureInfo.InvariantCulture)).Where(pid => pid > 0);
    }
}
