using Suite.Linux.Errors;
using Suite.Oci.Runtime;

namespace Suite.Runtime.CdiDevices;

internal static class CdiHooks
{
    public static Hooks? Add(Hooks? hooks, IReadOnlyList<CdiHook> further) =>
        further.Aggregate(hooks, (all, hook) => Add(all ?? new Hooks(), hook.HookName, ToHook(hook)));

    private static Hooks Add(Hooks hooks, string name, Hook hook) => name switch
    {
        "prestart" => hooks with { Prestart = [.. hooks.Prestart ?? [], hook] },
        "createRuntime" => hooks with { CreateRuntime = [.. hooks.CreateRuntime ?? [], hook] },
        "createContainer" => hooks with { CreateContainer = [.. hooks.CreateContainer ?? [], hook] },
        "startContainer" => hooks with { StartContainer = [.. hooks.StartContainer ?? [], hook] },
        "poststart" => hooks with { Poststart = [.. hooks.Poststart ?? [], hook] },
        "poststop" => hooks with { Poststop = [.. hooks.Poststop ?? [], hook] },
        _ => throw new SuiteException(ErrorKind.FailedPrecondition, $"hook {hook.Path}: {name} in its CDI file is no point of a container's life"),
    };

    private static Hook ToHook(CdiHook hook) => new() { Path = hook.Path, Args = hook.Args, Env = hook.Env, Timeout = hook.Timeout };
}
