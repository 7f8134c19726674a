using System.Runtime.InteropServices;
using Suite.Cli.Output;
using Suite.Container.V1;

namespace Suite.Cli.Streams;

/// <summary>Tells the other side how large the terminal's window is, now and whenever that changes.</summary>
internal sealed class TerminalResizes : IDisposable
{
    private readonly PosixSignalRegistration _registration;

    public TerminalResizes(ProcessStreams process, CancellationToken cancellationToken)
    {
        _registration = PosixSignalRegistration.Create(PosixSignal.SIGWINCH, _ => Send(process, cancellationToken));
        Send(process, cancellationToken);
    }

    /// <summary>For a process that is to find it at its first look. Null: it has no terminal, or is shown on none.</summary>
    public static TerminalSize? Of(StandardStreams own, bool tty) => tty && own.OutputIsTerminal ? Now() : null;

    public void Dispose() => _registration.Dispose();

    private static TerminalSize? Now() =>
        Linux.Terminals.TerminalSize.Of(1) is { } size ? new TerminalSize { Rows = (uint)size.Rows, Columns = (uint)size.Columns } : null;

    private static void Send(ProcessStreams process, CancellationToken cancellationToken)
    {
        if (Now() is not { } message)
            return;
        // Nobody waits for this one: a size that arrives late, or not at all as the process has ended, harms nobody.
        _ = process.SendSizeAsync(message, cancellationToken).ContinueWith(
            static t => _ = t.Exception, CancellationToken.None, TaskContinuationOptions.OnlyOnFaulted, TaskScheduler.Default);
    }
}
