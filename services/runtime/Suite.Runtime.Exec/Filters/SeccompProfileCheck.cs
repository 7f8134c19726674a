using Suite.Linux.Errors;
using Suite.Linux.Filters;
using Suite.Oci.Runtime;
using Raw = Suite.Linux.Native.Seccomp;

namespace Suite.Runtime.Exec.Filters;

/// <summary>A profile whose words have become numbers. Each rule is about one call.</summary>
internal sealed record CheckedProfile(uint DefaultAction, IReadOnlyList<uint> Architectures, IReadOnlyList<CheckedRule> Rules);

internal sealed record CheckedRule(string Name, uint Action, ArgumentTest[] Tests);

/// <summary>Refuses a profile that is wrong in any field, by its path, before anything is made (config-linux.md, Seccomp).</summary>
internal static class SeccompProfileCheck
{
    // errno.h of the kernel ends at 4095 (linux/err.h, MAX_ERRNO).
    private const uint MaxErrno = 4095;
    private const uint EPERM = 1;

    public static CheckedProfile Check(Seccomp profile, string field)
    {
        if (profile.DefaultAction == "SCMP_ACT_NOTIFY")
            throw Invalid($"{field}.defaultAction", "SCMP_ACT_NOTIFY cannot be the default: the calls that hand over the listener would wait for it");
        var defaultAction = Action(profile.DefaultAction, profile.DefaultErrnoRet, $"{field}.defaultAction", $"{field}.defaultErrnoRet");
        var architectures = Each(profile.Architectures, $"{field}.architectures", SeccompNames.Architectures);
        Each(profile.Flags, $"{field}.flags", SeccompNames.Flags);

        var rules = new List<CheckedRule>();
        var syscalls = profile.Syscalls ?? [];
        for (var i = 0; i < syscalls.Count; i++)
            Add(rules, syscalls[i], $"{field}.syscalls[{i}]");
        CheckListener(profile, field, syscalls);
        return new CheckedProfile(defaultAction, architectures, rules);
    }

    private static void Add(List<CheckedRule> rules, SeccompRule rule, string field)
    {
        if (rule.Names is not { Count: > 0 } || rule.Names.Any(name => name.Length == 0 || name.Contains('\0')))
            throw Invalid($"{field}.names", "needs the names of one or more system calls");
        var action = Action(rule.Action, rule.ErrnoRet, $"{field}.action", $"{field}.errnoRet");
        // The descriptor of the listener goes out by this very call.
        if (action == Raw.SECCOMP_RET_USER_NOTIF && rule.Names.Contains("sendmsg"))
            throw Invalid($"{field}.names", "sendmsg cannot be notified of: the listener is handed over with it");

        var tests = Tests(rule.Args ?? [], $"{field}.args");
        // Several conditions on one argument are alternatives, which libseccomp has no word for in one rule.
        var alternatives = tests.GroupBy(test => test.Index).Any(group => group.Count() > 1);
        foreach (var name in rule.Names)
        {
            if (!alternatives)
                rules.Add(new CheckedRule(name, action, tests));
            else
                rules.AddRange(tests.Select(test => new CheckedRule(name, action, [test])));
        }
    }

    private static ArgumentTest[] Tests(IReadOnlyList<SeccompArgument> arguments, string field)
    {
        var tests = new ArgumentTest[arguments.Count];
        for (var i = 0; i < tests.Length; i++)
        {
            var argument = arguments[i];
            if (argument.Index > 5)
                throw Invalid($"{field}[{i}].index", $"{argument.Index} is not an argument of a system call, which has 0 to 5");
            if (!SeccompNames.Operators.TryGetValue(argument.Op, out var op))
                throw Invalid($"{field}[{i}].op", $"\"{argument.Op}\" is none of {string.Join(", ", SeccompNames.Operators.Keys)}");
            tests[i] = new ArgumentTest(argument.Index, op, argument.Value, argument.ValueTwo);
        }

        return tests;
    }

    private static void CheckListener(Seccomp profile, string field, IReadOnlyList<SeccompRule> rules)
    {
        var notifies = rules.Any(rule => rule.Action == "SCMP_ACT_NOTIFY");
        if (notifies && profile.ListenerPath is not { Length: > 0 })
            throw Invalid($"{field}.listenerPath", "is missing, and a rule has SCMP_ACT_NOTIFY");
        if (profile.ListenerMetadata is { Length: > 0 } && profile.ListenerPath is not { Length: > 0 })
            throw Invalid($"{field}.listenerMetadata", "is given without listenerPath");
        if (profile.ListenerPath is { Length: > 0 } path)
            Plans.Names.CheckAbsolute(path, $"{field}.listenerPath");
    }

    private static uint Action(string name, uint? errno, string field, string errnoField)
    {
        if (!SeccompNames.Actions.TryGetValue(name, out var action))
            throw Invalid(field, $"\"{name}\" is none of {string.Join(", ", SeccompNames.Actions.Keys)}");
        var takesNumber = action is Raw.SECCOMP_RET_ERRNO or Raw.SECCOMP_RET_TRACE;
        if (errno is { } given && !takesNumber)
            throw Invalid(errnoField, $"{given} has no meaning with {name}");
        if (errno > MaxErrno)
            throw Invalid(errnoField, $"{errno} is not an error number, which end at {MaxErrno}");
        return takesNumber ? action | (errno ?? EPERM) : action;
    }

    private static List<uint> Each(IReadOnlyList<string>? names, string field, IReadOnlyDictionary<string, uint> known)
    {
        var values = new List<uint>();
        for (var i = 0; i < (names?.Count ?? 0); i++)
        {
            if (!known.TryGetValue(names![i], out var value))
                throw Invalid($"{field}[{i}]", $"\"{names[i]}\" is none of {string.Join(", ", known.Keys)}");
            values.Add(value);
        }

        return values;
    }

    private static SuiteException Invalid(string field, string reason) => new(ErrorKind.InvalidArgument, $"{field}: {reason}");
}
