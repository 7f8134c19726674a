using Suite.Linux.Errors;
using Suite.Runtime.Shim.Loops;
using static Tmds.Linux.LibC;

namespace Suite.Runtime.Shim.Streams;

/// <summary>The writing end of a container's standard input, pipe or terminal; input that comes before it is there waits.</summary>
internal sealed unsafe class ContainerInput : IWatcher
{
    private readonly EventLoop _loop;
    private readonly List<InputRelay> _relays = [];
    private int _sink = -1;
    private bool _awaited;
    private bool _closeWhenDrained;

    public ContainerInput(EventLoop loop)
    {
        _loop = loop;
    }

    public void Add(int fd) => _relays.Add(new InputRelay(_loop, fd, this));

    public void Open(int sink)
    {
        _sink = sink;
        _ = fcntl(sink, F_SETFL, O_NONBLOCK | (int)fcntl(sink, F_GETFL));
        Ready();
        // All was said, and nothing, before there was anything to close: a program that reads must see the end.
        if (_closeWhenDrained && _relays.Count == 0)
            Close();
    }

    /// <returns>Bytes taken, or -1 when nobody will ever read them.</returns>
    public int Write(ReadOnlySpan<byte> data)
    {
        if (_sink < 0)
            return 0;

        fixed (byte* bytes = data)
        {
            var count = (long)write(_sink, bytes, data.Length);
            if (count < 0 && errno is not (ErrnoNames.EAGAIN or ErrnoNames.EINTR))
                return -1;
            if (count < data.Length)
                Await();
            return (int)Math.Max(count, 0);
        }
    }

    public void Ready()
    {
        if (_awaited)
            _loop.Unwatch(_sink);
        _awaited = false;
        foreach (var relay in _relays)
            relay.Push();
    }

    private void Await()
    {
        if (_awaited)
            return;
        _awaited = true;
        _loop.Watch(_sink, this, readable: false, writable: true);
    }

    public void Ended(InputRelay relay)
    {
        _relays.Remove(relay);
        if (_closeWhenDrained && _relays.Count == 0)
            Close();
    }

    /// <summary>Ends the input when the clients there are now have said all they had to say.</summary>
    public void CloseWhenDrained()
    {
        _closeWhenDrained = true;
        if (_relays.Count == 0)
            Close();
    }

    public void Close()
    {
        if (_sink >= 0)
            _loop.Close(_sink);
        _sink = -1;
        _awaited = false;
    }

    public void CloseAll()
    {
        foreach (var relay in _relays)
            relay.Close();
        _relays.Clear();
        _closeWhenDrained = false;
        Close();
    }
}
