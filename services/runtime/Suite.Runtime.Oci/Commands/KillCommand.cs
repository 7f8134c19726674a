using Suite.Linux.Errors;
using Suite.Linux.Processes;
using Suite.Runtime.Oci.CommandLines;

namespace Suite.Runtime.Oci.Commands;

/// <summary>Sends a signal to the first process; with --all, and for KILL where no pid namespace ends with it, to every process.</summary>
internal static class KillCommand
{
    public static Command Describe() => new("kill", new OptionNames(["all|a"], []), Run);

    private static int Run(Session session, Options options)
    {
        if (options.Words.Count is not (1 or 2))
            throw options.Wrong("takes the container's id and, if it is not TERM, a signal");
        var container = session.Root.Find(options.Words[0]);
        var signal = SignalNames.Parse(options.Words.Count == 2 ? options.Words[1] : "TERM");
        var all = options.Has("all") || (signal == ProcessSignals.SIGKILL && !container.Record.OwnPidNamespace);
        if (all)
        {
            // A stopped one whose pid namespace was shared may have processes left, and they are meant.
            if (signal == ProcessSignals.SIGKILL)
                container.Cgroup.Kill();
            else
                container.Cgroup.Signal(signal);
            return 0;
        }

        container.NeedAlive("signal the container");
        return ProcessSignals.Send(container.Record.Pid, signal)
            ? 0
            : throw new SuiteException(ErrorKind.FailedPrecondition, $"signal the container {container.Id}: process already finished");
    }
}
