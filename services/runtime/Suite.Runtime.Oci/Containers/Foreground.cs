using System.Runtime.InteropServices;
using Suite.Linux.Processes;
using Suite.Runtime.Oci.Consoles;

namespace Suite.Runtime.Oci.Containers;

/// <summary>Stays with a process of a container: hands it the signals that were meant for it, and returns its exit code.</summary>
internal sealed class Foreground : IDisposable
{
    // By number where the enumeration has no name (signal(7)).
    private static readonly PosixSignal[] Forwarded =
    [
        PosixSignal.SIGHUP, PosixSignal.SIGINT, PosixSignal.SIGQUIT, PosixSignal.SIGTERM, (PosixSignal)10 /* USR1 */, (PosixSignal)12 /* USR2 */,
    ];

    private readonly int _pid;
    private readonly List<PosixSignalRegistration> _registrations;

    /// <summary>
    /// From now on signals go to the process. To be made after the clone only, as it starts a thread, and at once then: a caller
    /// who has heard from the program may send one.
    /// </summary>
    public Foreground(int pid)
    {
        _pid = pid;
        _registrations = [.. Forwarded.Select(signal => PosixSignalRegistration.Create(signal, context => Forward(context, pid)))];
    }

    /// <param name="master">The master of its terminal, or -1.</param>
    public int Wait(int master)
    {
        if (master >= 0)
            TerminalRelay.Run(master);
        return Children.WaitFor(_pid);
    }

    public void Dispose() => _registrations.ForEach(registration => registration.Dispose());

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
