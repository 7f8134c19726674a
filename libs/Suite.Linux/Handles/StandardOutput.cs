using Suite.Linux.Errors;
using static Tmds.Linux.LibC;

namespace Suite.Linux.Handles;

/// <summary>
/// Standard output or error as bytes, and nothing else. Console's stream would first switch a terminal's keypad to application
/// mode; a file stream would count its own offset, and overwrite the other one where both lead to one file.
/// </summary>
public sealed class StandardOutput(int descriptor) : Stream
{
    public override bool CanRead => false;

    public override bool CanWrite => true;

    public override bool CanSeek => false;

    public override long Length => throw new NotSupportedException();

    public override long Position
    {
        get => throw new NotSupportedException();
        set => throw new NotSupportedException();
    }

    /// <exception cref="ErrnoException">The reader has gone, or the disk is full.</exception>
    public override unsafe void Write(ReadOnlySpan<byte> buffer)
    {
        fixed (byte* data = buffer)
        {
            for (var done = 0; done < buffer.Length;)
            {
                var count = (long)write(descriptor, data + done, buffer.Length - done);
                if (count >= 0)
                    done += (int)count;
                else if (errno == ErrnoNames.EAGAIN)
                    WaitUntilWritable();
                else if (errno != ErrnoNames.EINTR)
                    throw new ErrnoException($"write to standard {(descriptor == 1 ? "output" : "error")}", errno);
            }
        }
    }

    public override void Write(byte[] buffer, int offset, int count) => Write(buffer.AsSpan(offset, count));

    public override Task WriteAsync(byte[] buffer, int offset, int count, CancellationToken cancellationToken) =>
        WriteAsync(buffer.AsMemory(offset, count), cancellationToken).AsTask();

    // On another thread, as the reader of a pipe may take its time; the call itself cannot be interrupted.
    public override async ValueTask WriteAsync(ReadOnlyMemory<byte> buffer, CancellationToken cancellationToken = default) =>
        await Task.Run(() => Write(buffer.Span), cancellationToken).ConfigureAwait(false);

    public override void Flush()
    {
    }

    public override int Read(byte[] buffer, int offset, int count) => throw new NotSupportedException();

    public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

    public override void SetLength(long value) => throw new NotSupportedException();

    // Somebody who shares the open file, such as a shell's other child, may have made it non-blocking.
    private unsafe void WaitUntilWritable()
    {
        var wanted = new Tmds.Linux.pollfd { fd = descriptor, events = (short)POLLOUT };
        _ = poll(&wanted, 1, -1);
    }
}
