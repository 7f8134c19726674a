using Google.Protobuf;
using Grpc.Core;

namespace Suite.Image.Endpoints;

/// <summary>Bytes written by a thread of its own, which may block, as messages to a client. Waits for a client that reads slowly.</summary>
internal sealed class ResponseStream<TResponse>(IServerStreamWriter<TResponse> responses, Func<ByteString, TResponse> message, CancellationToken cancellationToken) : Stream
{
    private const int MessageBytes = 256 * 1024;

    private readonly byte[] _buffer = new byte[MessageBytes];
    private int _filled;

    public override bool CanRead => false;

    public override bool CanSeek => false;

    public override bool CanWrite => true;

    public override long Length => throw new NotSupportedException();

    public override long Position
    {
        get => throw new NotSupportedException();
        set => throw new NotSupportedException();
    }

    /// <summary>Runs the writer on its thread and sends what is left.</summary>
    public Task RunAsync(Action<Stream> write) => Task.Factory.StartNew(
        () =>
        {
            write(this);
            Flush();
        },
        cancellationToken, TaskCreationOptions.LongRunning, TaskScheduler.Default);

    public override void Write(ReadOnlySpan<byte> buffer)
    {
        while (!buffer.IsEmpty)
        {
            var piece = Math.Min(buffer.Length, MessageBytes - _filled);
            buffer[..piece].CopyTo(_buffer.AsSpan(_filled));
            buffer = buffer[piece..];
            _filled += piece;
            if (_filled == MessageBytes) Flush();
        }
    }

    public override void Write(byte[] buffer, int offset, int count) => Write(buffer.AsSpan(offset, count));

    public override void Flush()
    {
        if (_filled == 0) return;
        // Copied: gRPC may keep the message after the call has returned.
        responses.WriteAsync(message(ByteString.CopyFrom(_buffer, 0, _filled)), cancellationToken).GetAwaiter().GetResult();
        _filled = 0;
    }

    public override int Read(byte[] buffer, int offset, int count) => throw new NotSupportedException();

    public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

    public override void SetLength(long value) => throw new NotSupportedException();
}
