using System.Globalization;
using Suite.Linux.Cgroups;
using Suite.Oci.Runtime;

namespace Suite.Runtime.Exec.Plans;

/// <summary>Huge pages, networks, RDMA and files of v2 by name. Each name becomes part of a file's name or of a line in it.</summary>
internal static class OtherLimits
{
    public static IReadOnlyList<NamedLimit> HugePages(IReadOnlyList<HugepageLimit> limits)
    {
        for (var i = 0; i < limits.Count; i++)
        {
            var size = limits[i].PageSize ?? "";
            // As the kernel names its files: 64KB, 2MB, 1GB.
            if (size.Length < 3 || size[^1] != 'B' || size[^2] is not ('K' or 'M' or 'G') || !size[..^2].All(char.IsAsciiDigit) || size[0] == '0')
                throw LimitsPlanner.Invalid($"hugepageLimits[{i}].pageSize", $"\"{size}\" is not of the form 2MB");
        }

        return [.. limits.Select(limit => new NamedLimit(limit.PageSize, limit.Limit))];
    }

    public static IReadOnlyList<NamedLimit> Priorities(IReadOnlyList<InterfacePriority> priorities)
    {
        for (var i = 0; i < priorities.Count; i++)
        {
            // IFNAMSIZ: 15 bytes and a zero.
            if (priorities[i].Name is not { Length: > 0 and < 16 } name || name.Any(c => char.IsWhiteSpace(c) || c is '/' or '\0'))
                throw LimitsPlanner.Invalid($"network.priorities[{i}].name", $"\"{priorities[i].Name}\" is not the name of an interface");
        }

        return [.. priorities.Select(priority => new NamedLimit(priority.Name, priority.Priority))];
    }

    public static IReadOnlyList<string> Rdma(IReadOnlyDictionary<string, RdmaLimit>? limits)
    {
        var lines = new List<string>();
        foreach (var (device, limit) in limits ?? new Dictionary<string, RdmaLimit>())
        {
            if (device.Length == 0 || device.Any(c => char.IsWhiteSpace(c) || char.IsControl(c)))
                throw LimitsPlanner.Invalid("rdma", $"\"{device}\" is not the name of a device");
            if (limit is null or { HcaHandles: null, HcaObjects: null })
                throw LimitsPlanner.Invalid($"rdma[{device}]", "needs hcaHandles or hcaObjects");
            lines.Add($"{device} hca_handle={Max(limit.HcaHandles)} hca_object={Max(limit.HcaObjects)}");
        }

        return lines;
    }

    public static IReadOnlyList<string> Unified(IReadOnlyDictionary<string, string>? files)
    {
        var lines = new List<string>();
        foreach (var (file, text) in (files ?? new Dictionary<string, string>()).OrderBy(pair => pair.Key, StringComparer.Ordinal))
        {
            // A file of the cgroup's own folder, never a path: "../x" would be another cgroup's.
            if (file.IndexOf('.', StringComparison.Ordinal) <= 0 || !file.All(c => char.IsAsciiLetterOrDigit(c) || c is '.' or '_' or '-'))
                throw LimitsPlanner.Invalid("unified", $"\"{file}\" is not the name of a file of cgroup v2 such as memory.high");
            if (text is null || text.Contains('\0'))
                throw LimitsPlanner.Invalid($"unified[{file}]", "has no text");
            lines.Add($"{file}={text}");
        }

        return lines;
    }

    private static string Max(uint? value) => value?.ToString(CultureInfo.InvariantCulture) ?? "max";
}
