using Suite.Linux.Errors;
using Suite.Runtime.Oci.CommandLines;

namespace Suite.Runtime.Oci.Commands;

internal static class PauseCommand
{
    public static Command DescribePause() => new("pause", OptionNames.None, Pause);

    public static Command DescribeResume() => new("resume", OptionNames.None, Resume);

    private static int Pause(Session session, Options options)
    {
        var container = session.Root.Find(options.OnlyId());
        if (container.Status() is not ("running" or "created") and var status)
            throw new SuiteException(ErrorKind.FailedPrecondition, $"pause the container {container.Id}: container not running or created: {status}");
        container.Cgroup.Freeze();
        return 0;
    }

    private static int Resume(Session session, Options options)
    {
        var container = session.Root.Find(options.OnlyId());
        // A created one is frozen too, and has the gate still: the kernel's word counts.
        container.NeedAlive("resume the container");
        if (!container.Paused)
            throw new SuiteException(ErrorKind.FailedPrecondition, $"resume the container {container.Id}: container not paused");
        container.Cgroup.Thaw();
        return 0;
    }
}
