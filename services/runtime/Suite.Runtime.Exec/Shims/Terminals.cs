using Microsoft.Win32.SafeHandles;
using Suite.Linux.Errors;
using static Tmds.Linux.LibC;

namespace Suite.Runtime.Exec.Shims;

internal static unsafe class Terminals
{
    // asm-generic/ioctls.h; struct winsize is four shorts: rows, columns, and two that nobody uses.
    private const int TIOCSWINSZ = 0x5414;

    public static SafeFileHandle Duplicate(SafeFileHandle terminal)
    {
        var copy = fcntl((int)terminal.DangerousGetHandle(), F_DUPFD_CLOEXEC, 3);
        return copy >= 0 ? new SafeFileHandle(copy, ownsHandle: true) : throw new ErrnoException("duplicate a terminal", errno);
    }

    public static void Resize(SafeFileHandle terminal, TerminalSize size) => Resize((int)terminal.DangerousGetHandle(), size);

    public static void Resize(int terminal, TerminalSize size)
    {
        var window = stackalloc ushort[4] { size.Rows, size.Columns, 0, 0 };
        _ = ioctl(terminal, TIOCSWINSZ, window);
    }
}
