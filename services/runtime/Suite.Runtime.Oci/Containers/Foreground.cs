using System.Runtime.InteropServices;
using Suite.Linux.Processes;
using Suite.Runtime.Oci.Consoles;

namespace Suite.Runtime.Oci.Containers;

/// <summary>Stays with a process of a container: hands it the signals that were meant for it, and returns its exit code.</summary>
internal static class Foreground
{
    // By number where the enumeration has no name (signal(7)).
    private static readonly PosixSignal[] Forwarded =
    [
        PosixSignal.SIGHUP, PosixSignal.SIGINT, PosixSignal.SIGQUIT, PosixSignal.SIGTERM, (PosixSignal)10 /* USR1 */, (PosixSignal)12 /* USR2 */,
    ];

    /// <param name="master">The master of its terminal, or -1.</param>
    public static int WaitFor(int pid, int master)
    {
        // Registered after the clone only: it starts a thread.
        var registrations = Forwarded.Select(signal => PosixSignalRegistration.Create(signal, context => Forward(context, pid))).ToList();
        if (master >= 0)
            TerminalRelay.Run(master);
        var code = Children.WaitFor(pid);
        registrations.ForEach(registration => registration.Dispose());
        return code;
    }

    private static void Forward(PosixSignalContext context, int pid)
    {
        context.Cancel = true;
        var number = context.Signal switch
        {
            PosixSignal.SIGHUP => 1,
            PosixSignal.SIGINT => 2,
            PosixSignal.SIGQUIT => 3,
            PosixSignal.SIGTERM => 15,
            var other => (int)other,
        };
        _ = ProcessSignals.Send(pid, number);
    }
}
