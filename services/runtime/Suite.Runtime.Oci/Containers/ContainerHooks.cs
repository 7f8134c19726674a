using Suite.Linux.Errors;
using Suite.Runtime.Exec.Inits;
using Suite.Runtime.Exec.Plans;
using Suite.Runtime.Oci.Outputs;

namespace Suite.Runtime.Oci.Containers;

/// <summary>The hooks that are run in the runtime's own namespaces; the others are the init's (config.md, POSIX-platform Hooks).</summary>
internal static class ContainerHooks
{
    /// <exception cref="SuiteException">One failed: there is to be no container.</exception>
    public static void Creating(RuntimeHooks hooks, int pid) => HookRunner.Run(hooks.Creating, hooks.State.With("creating", pid));

    public static void Started(Container container) => Tell(container, Of(container), hooks => hooks.Started, "running");

    public static void Stopped(Container container, RuntimeHooks hooks) => Tell(container, hooks, known => known.Stopped, "stopped");

    /// <summary>As the container's own config.json has them, not what the bundle's may have become.</summary>
    public static RuntimeHooks Of(Container container) =>
        HookPlanner.Runtime(container.Spec().Hooks, StateText.Of(container.Record.OciVersion, container.Id, container.Record.Bundle, container.Record.Annotations));

    // These change nothing when they fail, and those behind one that failed are run all the same (runtime.md, Lifecycle).
    private static void Tell(Container container, RuntimeHooks hooks, Func<RuntimeHooks, HookList> choose, string status)
    {
        foreach (var call in choose(hooks).Calls)
        {
            try
            {
                HookRunner.Run(new HookList([call]), hooks.State.With(status, status == "stopped" ? 0 : container.Record.Pid));
            }
            catch (SuiteException failure)
            {
                Output.Error($"suite-oci: warning: {failure.Message}");
            }
        }
    }
}
