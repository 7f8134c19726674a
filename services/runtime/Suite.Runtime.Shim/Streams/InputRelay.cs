using Suite.Linux.Errors;
using Suite.Runtime.Shim.Loops;
using static Tmds.Linux.LibC;

namespace Suite.Runtime.Shim.Streams;

/// <summary>Carries what one client types to a container's standard input, no faster than the container reads.</summary>
internal sealed unsafe class InputRelay : IWatcher
{
    private const int ChunkSize = 4096;

    private readonly EventLoop _loop;
    private readonly ContainerInput _input;
    private readonly int _fd;
    private byte[] _left = [];

    public InputRelay(EventLoop loop, int fd, ContainerInput input)
    {
        _loop = loop;
        _fd = fd;
        _input = input;
        _ = fcntl(fd, F_SETFL, O_NONBLOCK | (int)fcntl(fd, F_GETFL));
        loop.Watch(fd, this, readable: true, writable: false);
    }

    public bool Waiting => _left.Length > 0;

    public void Ready()
    {
        var chunk = stackalloc byte[ChunkSize];
        var count = (long)read(_fd, chunk, ChunkSize);
        if (count > 0)
        {
            _left = new Span<byte>(chunk, (int)count).ToArray();
            _loop.Unwatch(_fd);
            Push();
        }
        else if (count == 0 || errno is not (ErrnoNames.EAGAIN or ErrnoNames.EINTR))
        {
            Close();
            _input.Ended(this);
        }
    }

    /// <summary>Hands on what is left; called again when the container has read.</summary>
    public void Push()
    {
        if (!Waiting)
            return;
        var taken = _input.Write(_left);
        _left = taken < 0 ? [] : _left[taken..];
        if (!Waiting)
            _loop.Watch(_fd, this, readable: true, writable: false);
    }

    public void Close() => _loop.Close(_fd);
}
