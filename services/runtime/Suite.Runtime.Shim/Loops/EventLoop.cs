using Suite.Linux.Errors;
using Suite.Linux.Handles;
using Tmds.Linux;
using static Tmds.Linux.LibC;

namespace Suite.Runtime.Shim.Loops;

/// <summary>Told that its descriptor is ready.</summary>
internal interface IWatcher
{
    void Ready();
}

/// <summary>Told that its time has come.</summary>
internal interface ITimed
{
    /// <summary>Milliseconds of <see cref="Environment.TickCount64"/>; null: not waiting.</summary>
    long? Deadline { get; }

    void Expire();
}

/// <summary>epoll(7) on the one thread. Nothing here, and nothing it calls, waits for anything else.</summary>
internal sealed unsafe class EventLoop
{
    private readonly int _epoll;
    private readonly Dictionary<int, IWatcher> _watchers = [];
    private readonly List<ITimed> _timed = [];
    private readonly IdleCollection _collection = new();

    public EventLoop()
    {
        _epoll = epoll_create1(EPOLL_CLOEXEC);
        if (_epoll < 0)
            throw new ErrnoException("make an epoll", errno);
    }

    public bool Stopped { get; set; }

    public void Watch(int fd, IWatcher watcher, bool readable, bool writable)
    {
        _watchers[fd] = watcher;
        Control(EPOLL_CTL_ADD, fd, readable, writable);
    }

    public void Change(int fd, bool readable, bool writable) => Control(EPOLL_CTL_MOD, fd, readable, writable);

    /// <summary>
    /// Stops watching. Who is not ready to act must not watch at all: epoll tells of errors and hang-ups unasked, again and again.
    /// </summary>
    public void Unwatch(int fd)
    {
        if (_watchers.Remove(fd))
            Control(EPOLL_CTL_DEL, fd, false, false);
    }

    /// <summary>Stops watching, and closes it.</summary>
    public void Close(int fd)
    {
        Unwatch(fd);
        Descriptor.Close(fd);
    }

    public void Add(ITimed timed) => _timed.Add(timed);

    public void Remove(ITimed timed) => _timed.Remove(timed);

    public void Run()
    {
        while (!Stopped)
        {
            // One event at a time: what it leads to may close or reuse the descriptor of the next.
            epoll_event ready;
            var count = epoll_wait(_epoll, &ready, 1, Timeout());
            if (count > 0 && _watchers.TryGetValue(ready.data.fd, out var watcher))
                watcher.Ready();
            Expire();
            _collection.Run();
        }
    }

    private int Timeout()
    {
        long? next = null;
        foreach (var timed in _timed)
        {
            if (timed.Deadline is { } deadline && (next is null || deadline < next))
                next = deadline;
        }

        return next is null ? -1 : (int)Math.Clamp(next.Value - Environment.TickCount64, 0, int.MaxValue);
    }

    private void Expire()
    {
        for (var i = _timed.Count - 1; i >= 0; i--)
        {
            if (i < _timed.Count && _timed[i].Deadline is { } deadline && deadline <= Environment.TickCount64)
                _timed[i].Expire();
        }
    }

    private void Control(int operation, int fd, bool readable, bool writable)
    {
        var request = new epoll_event { events = (readable ? EPOLLIN : 0) | (writable ? EPOLLOUT : 0) };
        request.data.fd = fd;
        if (epoll_ctl(_epoll, operation, fd, &request) != 0 && operation == EPOLL_CTL_ADD)
            throw new ErrnoException("watch a descriptor", errno);
    }
}
