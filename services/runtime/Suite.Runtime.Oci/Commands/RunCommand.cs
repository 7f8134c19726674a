using Suite.Runtime.Oci.CommandLines;
using Suite.Runtime.Oci.Containers;

namespace Suite.Runtime.Oci.Commands;

/// <summary>create, start and, unless detached, wait and delete.</summary>
internal static class RunCommand
{
    public static Command Describe() => new("run", new OptionNames([.. CreateCommand.Flags, "detach|d", "keep", "no-subreaper"], CreateCommand.Values), Run);

    private static int Run(Session session, Options options)
    {
        var detached = options.Has("detach");
        var creation = new Creation(options.OnlyId(), CreateOptions.From(options, detached));
        Foreground? foreground = null;
        var container = creation.Make(session.Root, gate: false, detached ? null : pid => foreground = new Foreground(pid));
        using var ending = foreground;
        ContainerHooks.Started(container);
        if (foreground is null)
            return 0;

        var code = foreground.Wait(creation.Console.Master);
        if (!options.Has("keep"))
            Removal.Finish(container);
        return code;
    }
}
