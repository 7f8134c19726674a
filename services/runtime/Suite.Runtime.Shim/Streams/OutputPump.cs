using Suite.Linux.Errors;
using Suite.Linux.Handles;
using Suite.Runtime.Shim.Loops;
using static Tmds.Linux.LibC;

namespace Suite.Runtime.Shim.Streams;

/// <summary>Carries one stream of a container to its log and to those who are attached.</summary>
internal sealed unsafe class OutputPump : IWatcher
{
    private const int ChunkSize = 16 << 10;

    // One chunk is under way at a time on the one thread.
    private static readonly byte[] s_chunk = GC.AllocateUninitializedArray<byte>(ChunkSize, pinned: true);

    private readonly EventLoop _loop;
    private readonly LineSplitter? _lines;
    private readonly List<AttachedOutput> _attached;
    private readonly Action _ended;
    private readonly int _fd;
    private bool _writerGone;
    private bool _held;
    private bool _finished;

    /// <param name="attached">Shared with the container: clients come and go.</param>
    /// <param name="ended">Called once, when all is carried.</param>
    public OutputPump(EventLoop loop, int fd, LineSplitter? lines, List<AttachedOutput> attached, Action ended)
    {
        _loop = loop;
        _fd = fd;
        _lines = lines;
        _attached = attached;
        _ended = ended;
        _ = fcntl(fd, F_SETFL, O_NONBLOCK | (int)fcntl(fd, F_GETFL));
        loop.Watch(fd, this, readable: true, writable: false);
    }

    public void Ready()
    {
        if (_finished || Stalled)
            return;

        long count;
        fixed (byte* chunk = s_chunk)
            count = (long)read(_fd, chunk, ChunkSize);
        if (count > 0)
        {
            Carry(s_chunk.AsSpan(0, (int)count));
            if (Stalled)
                Hold();
            else if (_writerGone)
                Ready();
        }
        else if (count == 0 || errno is not (ErrnoNames.EAGAIN or ErrnoNames.EINTR) || _writerGone)
        {
            // EIO is how a terminal says that its last user is gone.
            Finish();
        }
    }

    /// <summary>The container's processes have ended: what is in the pipe now is all there will be.</summary>
    public void WriterGone()
    {
        _writerGone = true;
        Ready();
    }

    /// <summary>A client that held us up has caught up or was dropped.</summary>
    public void Resume()
    {
        if (_finished || !_held || Stalled)
            return;
        _held = false;
        _loop.Watch(_fd, this, readable: true, writable: false);
        if (_writerGone)
            Ready();
    }

    private bool Stalled => _attached.Exists(client => client.Stalled);

    private void Carry(ReadOnlySpan<byte> data)
    {
        _lines?.Add(data);
        for (var i = _attached.Count - 1; i >= 0; i--)
            _attached[i].Write(data);
    }

    private void Hold()
    {
        _held = true;
        _loop.Unwatch(_fd);
    }

    private void Finish()
    {
        _finished = true;
        _lines?.End();
        _loop.Close(_fd);
        _ended();
    }
}
