using System.Text;
using Suite.Linux.Errors;
using Suite.Linux.Handles;
using Suite.Runtime.Exec.Inits;
using Suite.Runtime.Shim.Loops;
using static Tmds.Linux.LibC;

namespace Suite.Runtime.Shim.Pods;

/// <summary>Hears what came of work that nothing waits for.</summary>
internal sealed unsafe class OutsideAnswer : IWatcher
{
    private readonly EventLoop _loop;
    private readonly Action<string> _failed;
    private readonly int _socket;

    private OutsideAnswer(EventLoop loop, int socket, Action<string> failed)
    {
        _loop = loop;
        _socket = socket;
        _failed = failed;
        loop.Watch(socket, this, readable: true, writable: false);
    }

    /// <param name="start">Is given where to answer; a copy of it is the child's.</param>
    /// <param name="failed">Called with the reason, if it fails.</param>
    public static void Await(EventLoop loop, Action<int> start, Action<string> failed)
    {
        var ends = stackalloc int[2];
        if (socketpair(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC, 0, ends) != 0)
            throw new ErrnoException("make a socket for an answer", errno);
        start(ends[1]);
        Descriptor.Close(ends[1]);
        _ = new OutsideAnswer(loop, ends[0], failed);
    }

    public void Ready()
    {
        var buffer = stackalloc byte[InitReport.MaxSize];
        var count = (long)recv(_socket, buffer, InitReport.MaxSize, 0);
        if (count < 0 && errno is ErrnoNames.EINTR or ErrnoNames.EAGAIN)
            return;
        _loop.Close(_socket);
        var said = count > 0 ? Encoding.UTF8.GetString(buffer, (int)count) : "the process that ran them ended without a word";
        if (said != OutsideProcess.Done)
            _failed(said);
    }
}
