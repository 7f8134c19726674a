using Suite.Linux.Errors;
using Suite.Runtime.Shim.Loops;
using static Tmds.Linux.LibC;

namespace Suite.Runtime.Shim.Streams;

/// <summary>
/// A client's copy of a stream. A client that does not keep up holds the stream back for a moment, so that a fast reader misses
/// nothing; one that takes nothing for two seconds is dropped, so that the container and its log go on.
/// </summary>
internal sealed unsafe class AttachedOutput : IWatcher, ITimed
{
    private const long Patience = 2000;

    private readonly EventLoop _loop;
    private readonly List<AttachedOutput> _all;
    private readonly Action _resume;
    private readonly int _fd;
    private byte[] _left = [];

    public AttachedOutput(EventLoop loop, int fd, List<AttachedOutput> all, Action resume)
    {
        _loop = loop;
        _fd = fd;
        _all = all;
        _resume = resume;
        _ = fcntl(fd, F_SETFL, O_NONBLOCK | (int)fcntl(fd, F_GETFL));
        // With no events asked for, epoll still tells of a hang-up.
        loop.Watch(fd, this, readable: false, writable: false);
        loop.Add(this);
        all.Add(this);
    }

    public bool Stalled => _left.Length > 0;

    public long? Deadline { get; private set; }

    public void Write(ReadOnlySpan<byte> data)
    {
        var sent = Send(data);
        if (sent < 0)
        {
            Close();
            return;
        }

        _left = data[sent..].ToArray();
        if (!Stalled)
            return;
        Deadline = Environment.TickCount64 + Patience;
        _loop.Change(_fd, readable: false, writable: true);
    }

    public void Ready()
    {
        var sent = Send(_left);
        if (sent < 0 || !Stalled)
        {
            Close();
            return;
        }

        _left = _left[sent..];
        Deadline = Stalled ? Environment.TickCount64 + Patience : null;
        if (Stalled)
            return;
        _loop.Change(_fd, readable: false, writable: false);
        _resume();
    }

    public void Expire() => Close();

    /// <summary>The client sees the end of the stream.</summary>
    public void Close()
    {
        if (!_all.Remove(this))
            return;
        _left = [];
        Deadline = null;
        _loop.Remove(this);
        _loop.Close(_fd);
        _resume();
    }

    /// <returns>Bytes taken, or -1 when the client is gone.</returns>
    private int Send(ReadOnlySpan<byte> data)
    {
        fixed (byte* bytes = data)
        {
            var count = (long)send(_fd, bytes, data.Length, MSG_NOSIGNAL);
            return count >= 0 ? (int)count : errno is ErrnoNames.EAGAIN or ErrnoNames.EINTR ? 0 : -1;
        }
    }
}
