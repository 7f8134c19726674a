using Suite.Linux.Errors;
using Suite.Linux.Handles;
using Suite.Runtime.Exec.Wire;
using Suite.Runtime.Shim.Clients;
using Suite.Runtime.Shim.Loops;
using Tmds.Linux;
using static Tmds.Linux.LibC;

namespace Suite.Runtime.Shim.Drivers;

/// <summary>The socket of --console-socket: another runtime connects to it, and sends the master of the terminal it made.</summary>
internal sealed unsafe class ConsoleListener : IWatcher
{
    private readonly EventLoop _loop;
    private readonly string _path;
    private readonly Action<int> _terminal;
    private int _socket;
    private int _connection = -1;

    private ConsoleListener(EventLoop loop, string path, Action<int> terminal)
    {
        _loop = loop;
        _path = path;
        _terminal = terminal;
        Descriptor.TryUnlink(path);
        _socket = Listener.Bind(path, SOCK_STREAM);
        loop.Watch(_socket, this, readable: true, writable: false);
    }

    /// <returns>Null when no terminal is wanted.</returns>
    /// <param name="terminal">Is given the master, to keep.</param>
    public static ConsoleListener? Open(EventLoop loop, string? path, Action<int> terminal) => path is null ? null : new(loop, path, terminal);

    public void Ready() => Take();

    /// <summary>The runtime has ended: takes what it sent and nobody has looked at yet.</summary>
    public void Close()
    {
        Take();
        Shut();
        Descriptor.TryUnlink(_path);
    }

    private void Take()
    {
        if (_socket >= 0 && _connection < 0)
        {
            _connection = accept4(_socket, null, null, SOCK_CLOEXEC);
            if (_connection >= 0)
                _loop.Watch(_connection, this, readable: true, writable: false);
        }

        if (_connection < 0)
            return;
        Span<byte> name = stackalloc byte[256];
        Span<int> descriptors = stackalloc int[FdMessage.MaxDescriptors];
        var length = FdMessage.Receive(_connection, name, descriptors, out var count);
        if (length == -ErrnoNames.EAGAIN)
            return;
        Shut();
        if (count > 0)
            _terminal(descriptors[0]);
    }

    // One terminal is all there is to come.
    private void Shut()
    {
        if (_connection >= 0)
            _loop.Close(_connection);
        _connection = -1;
        if (_socket >= 0)
            _loop.Close(_socket);
        _socket = -1;
    }
}
