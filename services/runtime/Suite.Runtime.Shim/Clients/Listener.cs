using Suite.Linux.Errors;
using Suite.Linux.Handles;
using Suite.Runtime.Shim.Loops;
using Suite.Runtime.Shim.Pods;
using Tmds.Linux;
using static Tmds.Linux.LibC;

namespace Suite.Runtime.Shim.Clients;

/// <summary>Where a restarted runtime comes back to.</summary>
internal sealed unsafe class Listener : IWatcher
{
    private readonly EventLoop _loop;
    private readonly Pod _pod;
    private readonly int _socket;

    public Listener(EventLoop loop, Pod pod, string path)
    {
        _loop = loop;
        _pod = pod;
        _socket = Bind(path, SOCK_SEQPACKET);
        loop.Watch(_socket, this, readable: true, writable: false);
    }

    public void Ready()
    {
        var accepted = accept4(_socket, null, null, SOCK_CLOEXEC);
        if (accepted >= 0)
            _pod.Accept(new Client(_loop, accepted, _pod));
    }

    public void Close() => _loop.Close(_socket);

    /// <returns>A socket that listens at the path, and that nobody but root can connect to.</returns>
    public static int Bind(string path, int type)
    {
        var listening = socket(AF_UNIX, type | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
        if (listening < 0)
            throw new ErrnoException("make a socket", errno);

        // Ours alone from its first instant: the mode comes from the umask, not from a chmod afterwards.
        var before = umask((mode_t)0x7f /* 0177 */);
        var error = Bind(listening, Descriptor.Path(path));
        _ = umask(before);
        if (error == 0)
            return listening;
        Descriptor.Close(listening);
        throw new ErrnoException($"listen on {path}", error);
    }

    private static int Bind(int listening, ReadOnlySpan<byte> path)
    {
        if (path.Length > 107)
            return ErrnoNames.ENAMETOOLONG;

        // struct sockaddr_un: a family of two bytes, a path of 108 (unix(7)).
        var address = stackalloc byte[110];
        *(ushort*)address = (ushort)AF_UNIX;
        path.CopyTo(new Span<byte>(address + 2, 108));
        return bind(listening, (sockaddr*)address, (uint)(2 + path.Length)) == 0 && listen(listening, 8) == 0 ? 0 : errno;
    }
}
