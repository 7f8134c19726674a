using Google.Protobuf;

namespace Suite.Runtime.Endpoints;

/// <summary>An archive as messages: what is written goes out in pieces of a size that suits gRPC.</summary>
internal sealed class ArchiveWriter(Func<ByteString, Task> send) : OneWayStream
{
    private const int Piece = 64 << 10;

    private readonly byte[] _waiting = new byte[Piece];
    private int _count;

    public override bool CanWrite => true;

    public override async ValueTask WriteAsync(ReadOnlyMemory<byte> buffer, CancellationToken cancellationToken = default)
    {
        while (!buffer.IsEmpty)
        {
            var part = buffer[..Math.Min(buffer.Length, Piece - _count)];
            part.CopyTo(_waiting.AsMemory(_count));
            _count += part.Length;
            buffer = buffer[part.Length..];
            if (_count == Piece)
                await FlushAsync(cancellationToken).ConfigureAwait(false);
        }
    }

    public override Task WriteAsync(byte[] buffer, int offset, int count, CancellationToken cancellationToken) =>
        WriteAsync(buffer.AsMemory(offset, count), cancellationToken).AsTask();

    public override async Task FlushAsync(CancellationToken cancellationToken)
    {
        if (_count == 0)
            return;
        var piece = ByteString.CopyFrom(_waiting, 0, _count);
        _count = 0;
        await send(piece).ConfigureAwait(false);
    }
}

/// <summary>An archive from messages, read as it comes; an empty piece is the end.</summary>
internal sealed class ArchiveReader(Func<CancellationToken, Task<ReadOnlyMemory<byte>>> receive) : OneWayStream
{
    private ReadOnlyMemory<byte> _piece;
    private bool _ended;

    public override bool CanRead => true;

    public override async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
    {
        while (_piece.IsEmpty && !_ended)
        {
            _piece = await receive(cancellationToken).ConfigureAwait(false);
            _ended = _piece.IsEmpty;
        }
        var count = Math.Min(buffer.Length, _piece.Length);
        _piece[..count].CopyTo(buffer);
        _piece = _piece[count..];
        return count;
    }

    public override Task<int> ReadAsync(byte[] buffer, int offset, int count, CancellationToken cancellationToken) =>
        ReadAsync(buffer.AsMemory(offset, count), cancellationToken).AsTask();
}

/// <summary>What a stream of one direction, used asynchronously, does not do.</summary>
internal abstract class OneWayStream : Stream
{
    public override bool CanRead => false;

    public override bool CanWrite => false;

    public override bool CanSeek => false;

    public override long Length => throw new NotSupportedException();

    public override long Position { get => throw new NotSupportedException(); set => throw new NotSupportedException(); }

    public override void Flush()
    {
    }

    public override int Read(byte[] buffer, int offset, int count) => throw new NotSupportedException();

    public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();

    public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

    public override void SetLength(long value) => throw new NotSupportedException();
}
