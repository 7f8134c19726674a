using Suite.Linux.Errors;
using Suite.Oci.Runtime;

namespace Suite.Runtime.Exec.Plans;

/// <summary>The hooks of config.json, checked (config.md, POSIX-platform Hooks).</summary>
internal static class HookPlanner
{
    public static RuntimeHooks Runtime(Hooks? hooks, StateText state) => hooks is null
        ? RuntimeHooks.None
        : new RuntimeHooks(
            new HookList([.. From(hooks.Prestart, "prestart").Calls, .. From(hooks.CreateRuntime, "createRuntime").Calls]),
            From(hooks.Poststart, "poststart"),
            From(hooks.Poststop, "poststop"),
            state);

    public static HookList From(IReadOnlyList<Hook>? hooks, string point)
    {
        if (hooks is not { Count: > 0 })
            return HookList.None;

        var calls = new HookCall[hooks.Count];
        for (var i = 0; i < calls.Length; i++)
        {
            var (hook, field) = (hooks[i], $"hooks.{point}[{i}]");
            Names.CheckAbsolute(hook.Path, $"{field}.path");
            if (hook.Timeout is <= 0)
                throw new SuiteException(ErrorKind.InvalidArgument, $"{field}.timeout: {hook.Timeout} is not above zero seconds");
            Check(hook.Args, $"{field}.args");
            Check(hook.Env, $"{field}.env");

            calls[i] = new HookCall(field, hook.Path, hook.Args is { Count: > 0 } args ? args : [hook.Path], hook.Env ?? [], hook.Timeout ?? 0);
        }

        return new HookList(calls);
    }

    private static void Check(IReadOnlyList<string>? texts, string field)
    {
        for (var i = 0; i < (texts?.Count ?? 0); i++)
        {
            if (texts![i] is not { } text || text.Contains('\0'))
                throw new SuiteException(ErrorKind.InvalidArgument, $"{field}[{i}]: has a NUL character, or null");
        }
    }
}
