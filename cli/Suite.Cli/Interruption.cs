using System.Runtime.InteropServices;

namespace Suite.Cli;

/// <summary>
/// Control-C and friends: they cancel what is going on, so that calls end in order and the terminal is restored; the second
/// one ends the process as if we were not here. A command that has somewhere to pass signals on takes them over.
/// </summary>
internal sealed class Interruption : IDisposable
{
    private readonly CancellationTokenSource _cancellation = new();
    private readonly List<PosixSignalRegistration> _registrations = [];
    private Func<int, bool>? _taker;
    private int _signal;

    public Interruption()
    {
        foreach (var signal in (PosixSignal[])[PosixSignal.SIGINT, PosixSignal.SIGTERM, PosixSignal.SIGHUP, PosixSignal.SIGQUIT])
            _registrations.Add(PosixSignalRegistration.Create(signal, OnSignal));
    }

    public CancellationToken Token => _cancellation.Token;

    /// <summary>128 and the signal, as a shell says of a program that a signal ended: 130 after control-C.</summary>
    public int ExitCode => ExitCodes.Signalled + _signal;

    /// <summary>From now on signals go to <paramref name="taker"/>, by their number; it answers whether it took it.</summary>
    public void PassTo(Func<int, bool>? taker) => _taker = taker;

    public void Dispose()
    {
        _registrations.ForEach(r => r.Dispose());
        _cancellation.Dispose();
    }

    private void OnSignal(PosixSignalContext context)
    {
        if (_taker?.Invoke(NumberOf(context.Signal)) == true)
        {
            context.Cancel = true;
            return;
        }

        if (_cancellation.IsCancellationRequested)
            return;
        context.Cancel = true;
        _signal = NumberOf(context.Signal);
        _cancellation.Cancel();
    }

    private static int NumberOf(PosixSignal signal) => signal switch
    {
        PosixSignal.SIGHUP => 1,
        PosixSignal.SIGINT => 2,
        PosixSignal.SIGQUIT => 3,
        PosixSignal.SIGTERM => 15,
        _ => (int)signal,
    };
}
