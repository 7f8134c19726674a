using Suite.Linux.Errors;
using Suite.Linux.Handles;
using Suite.Oci.Runtime;
using Suite.Runtime.Exec.Shims;

namespace Suite.Runtime.Oci.Consoles;

/// <summary>Who has the master of a process's terminal: whoever listens at --console-socket, or this process, as long as it stays.</summary>
internal sealed class ConsoleChoice
{
    private readonly ConsoleSize? _size;
    private readonly string? _socket;

    public ConsoleChoice(Process? process, string? socket, bool detached)
    {
        var wanted = process?.Terminal ?? false;
        if (wanted && detached && socket is null)
            throw Wrong("--console-socket: is missing; process.terminal is true and nobody stays to carry the terminal's bytes");
        if (!wanted && socket is not null)
            throw Wrong("--console-socket: is given and process.terminal is false");
        if (socket is not null && !detached)
            throw Wrong("--console-socket: is given and this process stays to carry the terminal itself; leave it out, or detach");
        _size = process?.ConsoleSize;
        _socket = socket;
    }

    /// <summary>The master, if it stays here; else -1.</summary>
    public int Master { get; private set; } = -1;

    /// <param name="master">-1: there is none.</param>
    public void Take(int master)
    {
        if (master < 0)
            return;
        if (_size is { Height: > 0, Width: > 0 } size)
            Terminals.Resize(master, new((ushort)size.Height, (ushort)size.Width));
        if (_socket is null)
        {
            Master = master;
            return;
        }

        try
        {
            ConsoleSocket.Send(_socket, master);
        }
        finally
        {
            Descriptor.Close(master);
        }
    }

    private static SuiteException Wrong(string message) => new(ErrorKind.InvalidArgument, message);
}
