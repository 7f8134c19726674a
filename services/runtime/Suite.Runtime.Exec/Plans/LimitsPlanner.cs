using Suite.Linux.Cgroups;
using Suite.Linux.Errors;
using Suite.Oci.Runtime;

namespace Suite.Runtime.Exec.Plans;

internal static class LimitsPlanner
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

    public static CgroupLimits From(LinuxResources? resources)
    {
        if (resources is null)
            return CgroupLimits.None;

        CheckBuilt(resources);
        return new CgroupLimits
        {
            MemoryBytes = AtLeast(resources.Memory?.Limit, -1, "memory.limit"),
            MemoryReservationBytes = AtLeast(resources.Memory?.Reservation, -1, "memory.reservation"),
            MemoryAndSwapBytes = AtLeast(resources.Memory?.Swap, -1, "memory.swap"),
            CpuShares = (long?)resources.Cpu?.Shares,
            CpuQuota = AtLeast(resources.Cpu?.Quota, -1, "cpu.quota"),
            CpuPeriod = (long?)resources.Cpu?.Period,
            Cpus = List(resources.Cpu?.Cpus, "cpu.cpus"),
            MemoryNodes = List(resources.Cpu?.Mems, "cpu.mems"),
            Pids = resources.Pids?.Limit is { } limit ? (limit <= 0 ? -1 : limit) : null,
            DeviceRules = Rules(resources.Devices ?? []),
        };
    }

    private static List<string> Rules(IReadOnlyList<DeviceRule> rules)
    {
        var lines = new List<string>();
        for (var i = 0; i < rules.Count; i++)
        {
            var rule = rules[i];
            var type = rule.Type is null or "" ? "a" : rule.Type;
            if (type is not ("a" or "b" or "c"))
                throw Invalid($"devices[{i}].type", $"\"{type}\" is none of a, b, c");
            var access = rule.Access is null or "" ? "rwm" : rule.Access;
            if (access.Any(c => c is not ('r' or 'w' or 'm')))
                throw Invalid($"devices[{i}].access", $"\"{access}\" may have r, w and m only");

            var verb = rule.Allow ? "allow" : "deny";
            // The kernel takes "a" alone for every device, whatever the numbers (devices.rst).
            lines.Add(type == "a" ? $"{verb} a" : $"{verb} {type} {Number(rule.Major)}:{Number(rule.Minor)} {access}");
        }

        if (lines.Count > 0)
            lines.AddRange(AlwaysAllowed);
        return lines;
    }

    private static string Number(long? value) => value is null or < 0 ? "*" : $"{value}";

    private static long? AtLeast(long? value, long least, string field) =>
        value < least ? throw Invalid(field, $"{value} is less than {least}") : value;

    private static string? List(string? value, string field)
    {
        if (value is null or "")
            return null;
        if (value.Any(c => !char.IsAsciiDigit(c) && c is not (',' or '-')))
            throw Invalid(field, $"\"{value}\" is no list such as 0-2,7");
        return value;
    }

    private static void CheckBuilt(LinuxResources resources)
    {
        Refuse(resources.BlockIO is not null, "blockIO");
        Refuse(resources.HugepageLimits is { Count: > 0 }, "hugepageLimits");
        Refuse(resources.Network is not null, "network");
        Refuse(resources.Rdma is { Count: > 0 }, "rdma");
        Refuse(resources.Unified is { Count: > 0 }, "unified");
        Refuse(resources.Cpu?.Burst is > 0, "cpu.burst");
        Refuse(resources.Cpu?.Idle is not null and not 0, "cpu.idle");
        Refuse(resources.Cpu?.RealtimeRuntime is not null and not 0 || resources.Cpu?.RealtimePeriod is > 0, "cpu.realtimeRuntime");
        Refuse(resources.Memory?.Swappiness is not null, "memory.swappiness");
        Refuse(resources.Memory?.DisableOOMKiller == true, "memory.disableOOMKiller");
    }

    private static void Refuse(bool given, string field)
    {
        if (given)
            throw new SuiteException(ErrorKind.Unsupported, $"linux.resources.{field}: is not built yet; leave it out");
    }

    private static SuiteException Invalid(string field, string reason) =>
        new(ErrorKind.InvalidArgument, $"linux.resources.{field}: {reason}");
}
