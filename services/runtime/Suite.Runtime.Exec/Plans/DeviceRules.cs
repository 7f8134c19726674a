using Suite.Oci.Runtime;

namespace Suite.Runtime.Exec.Plans;

internal static class DeviceRules
{
    /// <summary>
    /// Devices that config-linux.md promises to every container: making nodes of any kind, the nodes of /dev, the console and
    /// pseudo terminals.
    /// </summary>
    private static readonly string[] AlwaysAllowed =
    [
        "allow c *:* m", "allow b *:* m", "allow c 1:3 rwm", "allow c 1:5 rwm", "allow c 1:7 rwm", "allow c 1:8 rwm", "allow c 1:9 rwm",
        "allow c 5:0 rwm", "allow c 5:1 rwm", "allow c 5:2 rwm", "allow c 136:* rwm",
    ];

    public static IReadOnlyList<string> From(IReadOnlyList<DeviceRule> rules)
    {
        var lines = new List<string>();
        for (var i = 0; i < rules.Count; i++)
        {
            var rule = rules[i];
            var type = rule.Type is null or "" ? "a" : rule.Type;
            if (type is not ("a" or "b" or "c"))
                throw LimitsPlanner.Invalid($"devices[{i}].type", $"\"{type}\" is none of a, b, c");
            var access = rule.Access is null or "" ? "rwm" : rule.Access;
            if (access.Any(c => c is not ('r' or 'w' or 'm')))
                throw LimitsPlanner.Invalid($"devices[{i}].access", $"\"{access}\" may have r, w and m only");
            if (rule.Major > uint.MaxValue || rule.Minor > uint.MaxValue)
                throw LimitsPlanner.Invalid($"devices[{i}].major", $"{rule.Major}:{rule.Minor} is no device number");

            var verb = rule.Allow ? "allow" : "deny";
            // The kernel takes "a" alone for every device, whatever the numbers (devices.rst).
            lines.Add(type == "a" ? $"{verb} a" : $"{verb} {type} {Number(rule.Major)}:{Number(rule.Minor)} {access}");
        }

        // After "allow all" there is nothing to add, and a list that allows all is what a cgroup begins with.
        if (lines.Count > 0 && lines[^1] != "allow a")
            lines.AddRange(AlwaysAllowed);
        return lines;
    }

    private static string Number(long? value) => value is null or < 0 ? "*" : $"{value}";
}
