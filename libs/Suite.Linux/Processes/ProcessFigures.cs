using System.Globalization;
using System.Text;
using Suite.Linux.Cgroups;

namespace Suite.Linux.Processes;

/// <summary>What the processes of a cgroup hold open. Nothing counts it for a cgroup: each process is looked at.</summary>
/// <param name="Descriptors">Open ones, sockets among them.</param>
/// <param name="DescriptorLimit">RLIMIT_NOFILE, soft, of the process that was there first; null: unlimited, or no process.</param>
public readonly record struct ProcessFigures(ulong Processes, ulong Descriptors, ulong Sockets, ulong? DescriptorLimit)
{
    public static ProcessFigures Read(FigureReader reader, CgroupHost host, string path)
    {
        if ((host.Unified ?? host.Find("pids") ?? host.Hierarchies.FirstOrDefault()) is not { } hierarchy)
            return default;
        var figures = new ProcessFigures();
        foreach (var pid in Encoding.ASCII.GetString(reader.Read($"{hierarchy.PathOf(path)}/cgroup.procs")).Split('\n', StringSplitOptions.RemoveEmptyEntries))
        {
            var (descriptors, sockets) = Open($"/proc/{pid}/fd");
            figures = figures with
            {
                Processes = figures.Processes + 1,
                Descriptors = figures.Descriptors + descriptors,
                Sockets = figures.Sockets + sockets,
                DescriptorLimit = figures.Processes == 0 ? Limit(Encoding.ASCII.GetString(reader.Read($"/proc/{pid}/limits"))) : figures.DescriptorLimit,
            };
        }
        return figures;
    }

    // "Max open files            1024                 524288               files"
    internal static ulong? Limit(string limits)
    {
        const string Name = "Max open files";
        var line = limits.Split('\n').FirstOrDefault(line => line.StartsWith(Name, StringComparison.Ordinal));
        var words = line?[Name.Length..].Split(' ', StringSplitOptions.RemoveEmptyEntries) ?? [];
        return words.Length > 0 && ulong.TryParse(words[0], NumberStyles.None, CultureInfo.InvariantCulture, out var soft) ? soft : null;
    }

    private static (ulong Descriptors, ulong Sockets) Open(string folder)
    {
        var (descriptors, sockets) = (0UL, 0UL);
        try
        {
            foreach (var entry in new DirectoryInfo(folder).EnumerateFileSystemInfos())
            {
                descriptors++;
                if (entry.LinkTarget?.StartsWith("socket:", StringComparison.Ordinal) == true)
                    sockets++;
            }
        }
        catch (Exception ended) when (ended is IOException or UnauthorizedAccessException)
        {
            // The process, or this descriptor of it, went between two looks.
        }
        return (descriptors, sockets);
    }
}
