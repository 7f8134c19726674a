using System.Collections.Immutable;
using Suite.Linux.Errors;
using Suite.Linux.Processes;
using Suite.Oci.Runtime;
using Suite.Runtime.Exec.Plans.Steps;

namespace Suite.Runtime.Exec.Plans;

/// <summary>The steps that a container's first process and a later one have in common: both get the same confinement.</summary>
internal sealed class ProcessPlanner
{
    private readonly Process _process;
    private readonly string? _user;
    private readonly string _prefix;

    /// <param name="prefix">What the path of a field begins with in a message.</param>
    public ProcessPlanner(Process process, string? user, string prefix)
    {
        _process = process;
        _user = string.IsNullOrEmpty(user) ? null : user;
        _prefix = prefix;
        if (process.Args is not { Count: > 0 } || process.Args[0].Length == 0)
            throw Invalid("args", "is empty; name the program to run");
        for (var i = 0; i < process.Args.Count; i++)
        {
            if (process.Args[i].Contains('\0'))
                throw Invalid($"args[{i}]", "has a NUL character");
        }

        Names.CheckAbsolute(process.Cwd, $"{prefix}cwd");
        for (var i = 0; i < (process.Env?.Count ?? 0); i++)
        {
            var entry = process.Env![i];
            if (entry.IndexOf('=', StringComparison.Ordinal) <= 0 || entry.Contains('\0'))
                throw Invalid($"env[{i}]", $"\"{entry.Split('=')[0]}\" is not of the form NAME=value");
        }

        CheckUser(process.User);
    }

    /// <summary>First of all: what is in the container's /proc, or in the place of one, is none of our business.</summary>
    public void AddScore(ImmutableArray<Step>.Builder steps)
    {
        if (_process.OomScoreAdj is not { } score)
            return;
        if (score is < -1000 or > 1000)
            throw Invalid("oomScoreAdj", $"{score} is not between -1000 and 1000");
        steps.Add(new SetOomScore(score));
    }

    /// <summary>Before a user namespace is entered, in which nobody may be given priority over the rest of the host.</summary>
    public void AddScheduling(ImmutableArray<Step>.Builder steps)
    {
        SchedulingPlanner.AddScheduler(steps, _process.Scheduler, $"{_prefix}scheduler");
        SchedulingPlanner.AddIoPriority(steps, _process.IoPriority, $"{_prefix}ioPriority");
    }

    public void AddLimits(ImmutableArray<Step>.Builder steps)
    {
        var limits = _process.Rlimits ?? [];
        for (var i = 0; i < limits.Count; i++)
        {
            if (!ResourceLimits.TryFind(limits[i].Type, out _))
                throw Invalid($"rlimits[{i}].type", $"\"{limits[i].Type}\" is not a resource of setrlimit(2)");
            if (limits.Take(i).Any(earlier => earlier.Type == limits[i].Type))
                throw Invalid($"rlimits[{i}].type", $"{limits[i].Type} is listed twice");
            if (limits[i].Soft > limits[i].Hard)
                throw Invalid($"rlimits[{i}].soft", $"{limits[i].Soft} is more than the hard limit {limits[i].Hard}");
            steps.Add(new SetRlimit(limits[i].Type, limits[i].Soft, limits[i].Hard));
        }
    }

    public void AddDirectory(ImmutableArray<Step>.Builder steps)
    {
        if (_process.Cwd != "/")
            steps.Add(new MakeDirectory(_process.Cwd));
    }

    public void AddRights(ImmutableArray<Step>.Builder steps, FilterSystemCalls? filter)
    {
        var sets = _process.Capabilities ?? new Capabilities();
        AddLabel(steps, "apparmor", _process.ApparmorProfile);
        AddLabel(steps, "selinux", _process.SelinuxLabel);
        var user = _process.User;
        steps.Add(new SetUser(user.Uid, user.Gid, user.AdditionalGids ?? [], user.Umask, _user, Set(sets.Bounding, "bounding")));
        if (_process.NoNewPrivileges)
            steps.Add(new SetNoNewPrivileges());
        if (filter is not null)
            steps.Add(filter);
        var (effective, permitted) = (Set(sets.Effective, "effective"), Set(sets.Permitted, "permitted"));
        // capset(2), EPERM.
        if ((effective.Bits & ~permitted.Bits) != 0)
            throw Invalid("capabilities.effective", $"has {new CapabilitySet(effective.Bits & ~permitted.Bits)}, which capabilities.permitted has not");
        steps.Add(new SetCapabilities(effective, permitted, Set(sets.Inheritable, "inheritable"), Set(sets.Ambient, "ambient")));
        steps.Add(new Execute(_process.Args!, _process.Env ?? [], _process.Cwd));
    }

    private void AddLabel(ImmutableArray<Step>.Builder steps, string module, string? label)
    {
        if (label is not { Length: > 0 })
            return;
        if (label.Any(char.IsControl))
            throw Invalid(module == "apparmor" ? "apparmorProfile" : "selinuxLabel", "has control characters");
        steps.Add(new SetSecurityLabel(module, label));
    }

    // The last number means "leave it as it is" to setresuid(2): the process would stay root.
    private void CheckUser(User user)
    {
        if (user.Uid == uint.MaxValue)
            throw Invalid("user.uid", $"{user.Uid} is no user");
        if (user.Gid == uint.MaxValue)
            throw Invalid("user.gid", $"{user.Gid} is no group");
        for (var i = 0; i < (user.AdditionalGids?.Count ?? 0); i++)
        {
            if (user.AdditionalGids![i] == uint.MaxValue)
                throw Invalid($"user.additionalGids[{i}]", $"{user.AdditionalGids[i]} is no group");
        }

        if (user.Umask > 0x1ff)
            throw Invalid("user.umask", $"{user.Umask} is not between 0 and 511 (0777)");
    }

    private CapabilitySet Set(IReadOnlyList<string>? names, string field)
    {
        var set = new CapabilitySet(0);
        for (var i = 0; i < (names?.Count ?? 0); i++)
        {
            var name = names![i];
            if (!CapabilitySet.TryFind(name, out var capability))
                throw Invalid($"capabilities.{field}[{i}]", $"\"{name}\" is not a capability this build knows");
            set = set.With(capability);
        }

        return set;
    }

    private SuiteException Invalid(string field, string reason) => new(ErrorKind.InvalidArgument, $"{_prefix}{field}: {reason}");
}
