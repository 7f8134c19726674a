using Suite.Linux.Errors;
using Suite.Oci.Runtime;

namespace Suite.Runtime.Exec.Plans;

/// <summary>linux.intelRdt of config.json, checked (config-linux.md, IntelRdt).</summary>
internal static class ResctrlPlanner
{
    public static ResctrlGroup? From(IntelRdt? rdt, string id)
    {
        if (rdt is null)
            return null;
        if (rdt.ClosID is { Length: > 0 } name && name != "/" && !IsFolder(name))
            throw Invalid("closID", $"\"{name}\" is no name of a folder of resctrl, and not \"/\"");

        var lines = new List<string>();
        Add(lines, rdt.L3CacheSchema, "L3:", "l3CacheSchema");
        Add(lines, rdt.MemBwSchema, "MB:", "memBwSchema");
        for (var i = 0; i < (rdt.Schemata?.Count ?? 0); i++)
            Add(lines, rdt.Schemata![i], "", $"schemata[{i}]");
        var own = string.IsNullOrEmpty(rdt.ClosID);
        return new ResctrlGroup(own ? id : rdt.ClosID!.Trim('/'), own, lines, rdt.EnableMonitoring ? id : null);
    }

    // Beside the classes the root has folders of the kernel's own.
    private static bool IsFolder(string name) =>
        name.All(c => char.IsAsciiLetterOrDigit(c) || c is '_' or '-' or '.' or '+') && name is not ("." or ".." or "info" or "mon_groups" or "mon_data");

    private static void Add(List<string> lines, string? line, string prefix, string field)
    {
        if (string.IsNullOrEmpty(line))
            return;
        if (!line.StartsWith(prefix, StringComparison.Ordinal) || !line.Contains(':', StringComparison.Ordinal) || line.Any(char.IsControl))
            throw Invalid(field, $"\"{line}\" is no line such as {(prefix.Length == 0 ? "L2:" : prefix)}0=ff;1=f0");
        lines.Add(line);
    }

    private static SuiteException Invalid(string field, string reason) => new(ErrorKind.InvalidArgument, $"linux.intelRdt.{field}: {reason}");
}
