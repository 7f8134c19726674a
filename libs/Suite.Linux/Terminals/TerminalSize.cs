using static Suite.Linux.Native.Termios;

namespace Suite.Linux.Terminals;

/// <summary>Rows and columns of a terminal's window.</summary>
public readonly record struct TerminalSize(int Rows, int Columns)
{
    /// <returns>Null when the descriptor is no terminal, or one that does not know its size (a serial line says 0 by 0).</returns>
    public static TerminalSize? Of(int descriptor) =>
        ioctl_winsize(descriptor, TIOCGWINSZ, out var size) == 0 && size is { ws_row: > 0, ws_col: > 0 }
            ? new TerminalSize(size.ws_row, size.ws_col)
            : null;
}
