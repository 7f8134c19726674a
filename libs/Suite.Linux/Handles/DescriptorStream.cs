using Microsoft.Win32.SafeHandles;
using Suite.Linux.Errors;
using static Tmds.Linux.LibC;

namespace Suite.Linux.Handles;

/// <summary>One direction of a pipe, terminal or socket as a stream that waits without a thread, and that a token can cancel.</summary>
public sealed class DescriptorStream : Stream
{
    private readonly SafeFileHandle _handle;
    private readonly Readiness.Waiter _waiter;
    private readonly bool _write;

    /// <param name="handle">Taken over, and made non-blocking.</param>
    /// <param name="access">Read or Write; for both directions of a terminal make two, with a duplicate.</param>
    public DescriptorStream(SafeFileHandle handle, FileAccess access)
    {
        _handle = handle;
        _write = access == FileAccess.Write;
        var fd = (int)handle.DangerousGetHandle();
        _ = fcntl(fd, F_SETFL, O_NONBLOCK | fcntl(fd, F_GETFL));
        _waiter = Readiness.Register(fd);
    }

    /// <summary>For ioctl(2) and for handing on; stays the stream's.</summary>
    public SafeFileHandle Handle => _handle;

    public override bool CanRead => !_write;

    public override bool CanWrite => _write;

    public override bool CanSeek => false;

    public override long Length => throw new NotSupportedException();

    public override long Position
    {
        get => throw new NotSupportedException();
        set => throw new NotSupportedException();
    }

    public override async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
    {
        cancellationToken.ThrowIfCancellationRequested();
        while (true)
        {
            var count = TryRead(buffer.Span, out var error);
            if (count >= 0)
                return count;
            // EIO is how a terminal says that its last user is gone.
            if (error is ErrnoNames.EIO or ErrnoNames.EBADF)
                return 0;
            if (error is not (ErrnoNames.EAGAIN or ErrnoNames.EINTR))
                throw new ErrnoException("read a stream of a container", error);
            if (!await _waiter.WaitAsync(Readiness.Readable, cancellationToken).ConfigureAwait(false))
                return 0;
        }
    }

    public override async ValueTask WriteAsync(ReadOnlyMemory<byte> buffer, CancellationToken cancellationToken = default)
    {
        cancellationToken.ThrowIfCancellationRequested();
        while (!buffer.IsEmpty)
        {
            var count = TryWrite(buffer.Span, out var error);
            if (count >= 0)
            {
                buffer = buffer[count..];
                continue;
            }

            if (error is not (ErrnoNames.EAGAIN or ErrnoNames.EINTR))
                throw new ErrnoException("write to a stream of a container", error);
            if (!await _waiter.WaitAsync(Readiness.Writable, cancellationToken).ConfigureAwait(false))
                throw new ErrnoException("write to a stream of a container", ErrnoNames.EBADF);
        }
    }

    public override Task<int> ReadAsync(byte[] buffer, int offset, int count, CancellationToken cancellationToken) =>
        ReadAsync(buffer.AsMemory(offset, count), cancellationToken).AsTask();

    public override Task WriteAsync(byte[] buffer, int offset, int count, CancellationToken cancellationToken) =>
        WriteAsync(buffer.AsMemory(offset, count), cancellationToken).AsTask();

    public override int Read(byte[] buffer, int offset, int count) =>
        ReadAsync(buffer.AsMemory(offset, count)).AsTask().GetAwaiter().GetResult();

    public override void Write(byte[] buffer, int offset, int count) =>
        WriteAsync(buffer.AsMemory(offset, count)).AsTask().GetAwaiter().GetResult();

    public override void Flush()
    {
    }

    public override Task FlushAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

    public override void SetLength(long value) => throw new NotSupportedException();

    protected override void Dispose(bool disposing)
    {
        if (disposing)
        {
            _waiter.Dispose();
            _handle.Dispose();
        }

        base.Dispose(disposing);
    }

    private unsafe int TryRead(Span<byte> buffer, out int error)
    {
        if (!Hold(out error))
            return -1;
        fixed (byte* data = buffer)
        {
            var count = (long)read((int)_handle.DangerousGetHandle(), data, buffer.Length);
            error = count < 0 ? errno : 0;
            _handle.DangerousRelease();
            return (int)count;
        }
    }

    private unsafe int TryWrite(ReadOnlySpan<byte> buffer, out int error)
    {
        if (!Hold(out error))
            return -1;
        fixed (byte* data = buffer)
        {
            var count = (long)write((int)_handle.DangerousGetHandle(), data, buffer.Length);
            error = count < 0 ? errno : 0;
            _handle.DangerousRelease();
            return (int)count;
        }
    }

    // A dispose at the same time must not close the number while the call has it, lest it be another file's by then.
    private bool Hold(out int error)
    {
        error = ErrnoNames.EBADF;
        try
        {
            var held = false;
            _handle.DangerousAddRef(ref held);
            return held;
        }
        catch (ObjectDisposedException)
        {
            return false;
        }
    }
}
