using Suite.Linux.Errors;
using Suite.Runtime.Oci.CommandLines;
using Suite.Runtime.Oci.Containers;

namespace Suite.Runtime.Oci.Commands;

/// <summary>Removes a stopped container, or one that was never started; with --force any, and one that is not there is fine then.</summary>
internal static class DeleteCommand
{
    public static Command Describe() => new("delete", new OptionNames(["force|f"], []), Run);

    private static int Run(Session session, Options options)
    {
        var id = options.OnlyId();
        var force = options.Has("force");
        if ((force ? session.Root.TryFind(id) : session.Root.Find(id)) is not { } container)
            return 0;

        var status = container.Status();
        if (!force && (status is "running" or "paused" or "creating"))
            throw new SuiteException(ErrorKind.FailedPrecondition, $"cannot delete container {id} that is not stopped: {status}; stop it first, or use --force");
        if (status != "stopped")
            container.Kill();
        Removal.Finish(container);
        return 0;
    }
}
