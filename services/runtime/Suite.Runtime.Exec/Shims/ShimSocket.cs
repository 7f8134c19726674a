using System.Runtime.InteropServices;
using Microsoft.Win32.SafeHandles;
using Suite.Linux.Errors;
using Suite.Linux.Handles;
using Suite.Runtime.Exec.Wire;
using Tmds.Linux;
using static Tmds.Linux.LibC;

namespace Suite.Runtime.Exec.Shims;

/// <summary>The packet socket to a shim. Sending is short and waits in place; receiving waits without a thread.</summary>
internal sealed class ShimSocket : IDisposable
{
    private readonly SafeFileHandle _handle;
    private readonly Readiness.Waiter _waiter;
    private readonly byte[] _packet = new byte[Protocol.MaxMessage];
    private readonly Lock _sending = new();

    public ShimSocket(int fd)
    {
        _handle = new SafeFileHandle(fd, ownsHandle: true);
        _waiter = Readiness.Register(fd);
    }

    private int Fd => (int)_handle.DangerousGetHandle();

    public static unsafe ShimSocket Connect(string path)
    {
        var fd = socket(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC, 0);
        if (fd < 0)
            throw new ErrnoException("make a socket", errno);

        var name = Descriptor.Path(path);
        // struct sockaddr_un: a family of two bytes, a path of 108 (unix(7)).
        var address = stackalloc byte[110];
        *(ushort*)address = (ushort)AF_UNIX;
        if (name.Length <= 108)
            name.CopyTo(new Span<byte>(address + 2, 108));
        var error = name.Length > 108 ? ErrnoNames.ENAMETOOLONG : connect(fd, (sockaddr*)address, (uint)(2 + name.Length)) == 0 ? 0 : errno;
        if (error == 0)
            return new ShimSocket(fd);

        Descriptor.Close(fd);
        throw new SuiteException(ErrorKind.Unavailable, $"connect to the shim at {path}: {ErrnoNames.Describe(error)}");
    }

    public static unsafe (int Ours, int Theirs) Pair(int type)
    {
        var ends = stackalloc int[2];
        if (socketpair(AF_UNIX, type | SOCK_CLOEXEC, 0, ends) != 0)
            throw new ErrnoException("make a socket pair", errno);
        return (ends[0], ends[1]);
    }

    public static unsafe (int Read, int Write) Pipe()
    {
        var ends = stackalloc int[2];
        if (pipe2(ends, O_CLOEXEC) != 0)
            throw new ErrnoException("make a pipe", errno);
        return (ends[0], ends[1]);
    }

    /// <summary>A sealed memory file with these bytes: the receiver can rely on them not changing.</summary>
    public static unsafe int Sealed(ReadOnlySpan<byte> bytes)
    {
        const int addSeals = 1033;
        const int sealAll = 0xf;
        int file;
        fixed (byte* name = "suite-plan\0"u8)
            file = memfd_create(name, 0x1 | 0x2 /* MFD_CLOEXEC | MFD_ALLOW_SEALING */);
        if (file < 0)
            throw new ErrnoException("make a memory file", errno);

        fixed (byte* data = bytes)
        {
            for (var written = 0; written < bytes.Length;)
            {
                var count = (long)write(file, data + written, bytes.Length - written);
                if (count <= 0)
                    throw new ErrnoException("write a memory file", errno);
                written += (int)count;
            }
        }

        if (fcntl(file, addSeals, sealAll) != 0)
            throw new ErrnoException("seal a memory file", errno);
        return file;
    }

    /// <returns>0, or the error number.</returns>
    public int Send(ReadOnlySpan<byte> packet, ReadOnlySpan<int> descriptors)
    {
        lock (_sending)
            return _handle.IsClosed ? ErrnoNames.EPIPE : FdMessage.TrySend(Fd, packet, descriptors);
    }

    /// <returns>The packet, null at the end; a descriptor that came with it, or -1.</returns>
    public async ValueTask<(byte[]? Packet, int Descriptor)> ReceiveAsync()
    {
        while (true)
        {
            var length = Receive(out var descriptor);
            if (length > 0)
                return (_packet[..length], descriptor);
            if (length is not -ErrnoNames.EAGAIN || !await _waiter.WaitAsync(Readiness.Readable, CancellationToken.None).ConfigureAwait(false))
                return (null, -1);
        }
    }

    public void Dispose()
    {
        _waiter.Dispose();
        lock (_sending)
            _handle.Dispose();
    }

    private int Receive(out int descriptor)
    {
        Span<int> descriptors = stackalloc int[FdMessage.MaxDescriptors];
        descriptor = -1;
        if (_handle.IsClosed)
            return 0;
        var length = FdMessage.Receive(Fd, _packet, descriptors, out var count);
        if (count > 0)
            descriptor = descriptors[0];
        return length;
    }
}
