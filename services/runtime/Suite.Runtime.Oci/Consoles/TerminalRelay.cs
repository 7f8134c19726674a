using System.Runtime.InteropServices;
using Suite.Linux.Errors;
using Suite.Linux.Handles;
using Suite.Linux.Terminals;
using Suite.Runtime.Exec.Shims;
using Tmds.Linux;
using static Tmds.Linux.LibC;
using TerminalSize = Suite.Linux.Terminals.TerminalSize;

namespace Suite.Runtime.Oci.Consoles;

/// <summary>Carries bytes between the terminal we were started in, or pipes, and the master of a container's, until that hangs up.</summary>
internal static unsafe class TerminalRelay
{
    private const int BufferSize = 32768;

    public static void Run(int master)
    {
        using var raw = TerminalSize.Of(0) is null ? null : RawMode.Enter(0);
        Resize(master);
        using var resized = PosixSignalRegistration.Create(PosixSignal.SIGWINCH, _ => Resize(master));
        var ends = stackalloc pollfd[2] { new pollfd { fd = master, events = (short)POLLIN }, new pollfd { fd = 0, events = (short)POLLIN } };
        while (true)
        {
            if (poll(ends, 2, -1) < 0 && errno != ErrnoNames.EINTR)
                return;
            // EIO: nobody has the other side any more.
            if (ends[0].revents != 0 && !Carry(master, 1))
                return;
            // A terminal has no end of input but its own character for it.
            if (ends[1].revents != 0 && !Carry(0, master))
                ends[1].fd = -1;
        }
    }

    private static void Resize(int master)
    {
        if (TerminalSize.Of(0) is { } size)
            Terminals.Resize(master, new((ushort)size.Rows, (ushort)size.Columns));
    }

    private static bool Carry(int from, int to)
    {
        var buffer = stackalloc byte[BufferSize];
        var count = (long)read(from, buffer, BufferSize);
        if (count < 0 && errno is ErrnoNames.EINTR or ErrnoNames.EAGAIN)
            return true;
        if (count <= 0)
            return false;
        for (var done = 0L; done < count;)
        {
            var written = (long)write(to, buffer + done, (int)(count - done));
            if (written < 0 && errno != ErrnoNames.EINTR)
                return false;
            done += Math.Max(0, written);
        }

        return true;
    }
}
