using System.Collections.Immutable;
using System.Globalization;
using Suite.Linux.Errors;
using Suite.Oci.Runtime;
using Suite.Runtime.Exec.Plans.Steps;

namespace Suite.Runtime.Exec.Plans;

/// <summary>How a process is scheduled, in numbers of the kernel's headers.</summary>
internal static class SchedulingPlanner
{
    // uapi/linux/sched.h, sched_setattr(2); uapi/linux/ioprio.h; uapi/linux/mempolicy.h.
    private static readonly string[] Policies = ["SCHED_OTHER", "SCHED_FIFO", "SCHED_RR", "SCHED_BATCH", "SCHED_ISO", "SCHED_IDLE", "SCHED_DEADLINE"];

    private static readonly string[] SchedulerFlags =
    [
        "SCHED_FLAG_RESET_ON_FORK", "SCHED_FLAG_RECLAIM", "SCHED_FLAG_DL_OVERRUN", "SCHED_FLAG_KEEP_POLICY", "SCHED_FLAG_KEEP_PARAMS",
        "SCHED_FLAG_UTIL_CLAMP_MIN", "SCHED_FLAG_UTIL_CLAMP_MAX",
    ];

    private static readonly string[] IoClasses = ["", "IOPRIO_CLASS_RT", "IOPRIO_CLASS_BE", "IOPRIO_CLASS_IDLE"];

    private static readonly string[] MemoryModes =
        ["MPOL_DEFAULT", "MPOL_PREFERRED", "MPOL_BIND", "MPOL_INTERLEAVE", "MPOL_LOCAL", "MPOL_PREFERRED_MANY", "MPOL_WEIGHTED_INTERLEAVE"];

    private static readonly (string Name, int Bit)[] MemoryFlags =
        [("MPOL_F_NUMA_BALANCING", 1 << 13), ("MPOL_F_RELATIVE_NODES", 1 << 14), ("MPOL_F_STATIC_NODES", 1 << 15)];

    public static void AddScheduler(ImmutableArray<Step>.Builder steps, Scheduler? scheduler, string field)
    {
        if (scheduler is null)
            return;
        var policy = Array.IndexOf(Policies, scheduler.Policy);
        if (policy < 0)
            throw Invalid($"{field}.policy", $"\"{scheduler.Policy}\" is none of {string.Join(", ", Policies)}");
        if (scheduler.Nice is < -20 or > 19)
            throw Invalid($"{field}.nice", $"{scheduler.Nice} is not between -20 and 19");
        var realtime = policy is 1 or 2;
        if (realtime ? scheduler.Priority is < 1 or > 99 : scheduler.Priority != 0)
            throw Invalid($"{field}.priority", realtime ? $"{scheduler.Priority} is not between 1 and 99" : $"{scheduler.Priority} has a meaning with SCHED_FIFO and SCHED_RR alone");
        if (policy != 6 && (scheduler.Runtime | scheduler.Deadline | scheduler.Period) != 0)
            throw Invalid($"{field}.runtime", "runtime, deadline and period have a meaning with SCHED_DEADLINE alone");

        var flags = 0UL;
        for (var i = 0; i < (scheduler.Flags?.Count ?? 0); i++)
        {
            var bit = Array.IndexOf(SchedulerFlags, scheduler.Flags![i]);
            flags |= bit >= 0 ? 1UL << bit : throw Invalid($"{field}.flags[{i}]", $"\"{scheduler.Flags[i]}\" is none of {string.Join(", ", SchedulerFlags)}");
        }

        steps.Add(new SetScheduler((uint)policy, flags, scheduler.Nice, (uint)scheduler.Priority, scheduler.Runtime, scheduler.Deadline, scheduler.Period));
    }

    public static void AddIoPriority(ImmutableArray<Step>.Builder steps, IoPriority? priority, string field)
    {
        if (priority is null)
            return;
        var number = Array.IndexOf(IoClasses, priority.Class);
        if (number < 1)
            throw Invalid($"{field}.class", $"\"{priority.Class}\" is none of {string.Join(", ", IoClasses[1..])}");
        if (priority.Priority is < 0 or > 7)
            throw Invalid($"{field}.priority", $"{priority.Priority} is not between 0 and 7");
        steps.Add(new SetIoPriority((uint)number, (uint)priority.Priority));
    }

    public static void AddPersonality(ImmutableArray<Step>.Builder steps, Personality? personality)
    {
        if (personality is null)
            return;
        // uapi/linux/personality.h: PER_LINUX, PER_LINUX32.
        uint domain = personality.Domain switch
        {
            "LINUX" => 0,
            "LINUX32" => 8,
            _ => throw Invalid("linux.personality.domain", $"\"{personality.Domain}\" is neither LINUX nor LINUX32"),
        };
        if (personality.Flags is { Count: > 0 })
            throw Invalid("linux.personality.flags", "the specification has none yet; leave it out");
        steps.Add(new SetPersonality(domain));
    }

    public static void AddAffinity(ImmutableArray<Step>.Builder steps, string? cpus, string field)
    {
        if (cpus is { Length: > 0 })
            steps.Add(new SetAffinity(Mask(cpus, field), cpus));
    }

    public static void AddMemoryPolicy(ImmutableArray<Step>.Builder steps, MemoryPolicy? policy)
    {
        if (policy is null)
            return;
        var mode = Array.IndexOf(MemoryModes, policy.Mode);
        if (mode < 0)
            throw Invalid("linux.memoryPolicy.mode", $"\"{policy.Mode}\" is none of {string.Join(", ", MemoryModes)}");
        for (var i = 0; i < (policy.Flags?.Count ?? 0); i++)
        {
            var known = MemoryFlags.FirstOrDefault(flag => flag.Name == policy.Flags![i]);
            mode |= known.Bit != 0 ? known.Bit : throw Invalid($"linux.memoryPolicy.flags[{i}]", $"\"{policy.Flags![i]}\" is none of {string.Join(", ", MemoryFlags.Select(flag => flag.Name))}");
        }

        var nodes = policy.Nodes is { Length: > 0 } list ? Mask(list, "linux.memoryPolicy.nodes") : [];
        steps.Add(new SetMemoryPolicy(mode, nodes, $"{policy.Mode} {policy.Nodes}".TrimEnd()));
    }

    /// <param name="list">Numbers and ranges, <c>0-2,7</c>.</param>
    internal static byte[] Mask(string list, string field)
    {
        // CONFIG_NR_CPUS and MAX_NUMNODES of any kernel that is in use are below.
        const int most = 8192;
        var mask = new byte[128];
        foreach (var part in list.Split(','))
        {
            var ends = part.Trim().Split('-');
            if (ends.Length > 2 || !int.TryParse(ends[0], NumberStyles.None, CultureInfo.InvariantCulture, out var first)
                || !int.TryParse(ends[^1], NumberStyles.None, CultureInfo.InvariantCulture, out var last) || last < first || last >= most)
                throw Invalid(field, $"\"{list}\" is no list such as 0-2,7");
            if (last / 8 >= mask.Length)
                Array.Resize(ref mask, most / 8);
            for (var i = first; i <= last; i++)
                mask[i / 8] |= (byte)(1 << (i % 8));
        }

        return mask;
    }

    private static SuiteException Invalid(string field, string reason) => new(ErrorKind.InvalidArgument, $"{field}: {reason}");
}
