using System.Buffers.Binary;
using System.Collections.Concurrent;
using System.Threading.Channels;

namespace Suite.Runtime.Spdy;

/// <summary>
/// The server's side of one SPDY/3.1 connection: the streams that the peer opens, and their data. Every size that the peer
/// chooses is bounded. <see cref="RunAsync"/> reads until the peer is gone; whatever still reads or writes a stream ends then.
/// </summary>
internal sealed class SpdySession(Stream transport, Action alive) : IDisposable
{
    private const int LargestControl = 32 << 10;
    private const int MostStreams = 512;
    private const int Chunk = 32 << 10;
    private const uint IdMask = 0x7FFF_FFFF;

    private readonly FrameWriter _writer = new(transport, alive);
    private readonly HeaderDecoder _headers = new();
    private readonly ConcurrentDictionary<uint, SpdyStream> _streams = new();
    private readonly Channel<SpdyStream> _accepted = Channel.CreateBounded<SpdyStream>(MostStreams);
    private readonly CancellationTokenSource _gone = new();
    private readonly byte[] _buffer = new byte[Chunk];
    private uint _lastStream;

    /// <summary>In the order in which they were opened; completed when the peer is gone.</summary>
    public ChannelReader<SpdyStream> Accepted => _accepted.Reader;

    /// <summary>Cancelled when the peer is gone.</summary>
    public CancellationToken Gone => _gone.Token;

    /// <summary>Ends when the peer has closed the connection; never throws for what a peer does.</summary>
    public async Task RunAsync(CancellationToken cancellationToken)
    {
        try
        {
            while (await ReceiveAsync(cancellationToken).ConfigureAwait(false))
                alive();
        }
        catch (SpdyException)
        {
            await FarewellAsync(cancellationToken).ConfigureAwait(false);
        }
        catch (Exception broken) when (broken is IOException or OperationCanceledException or ObjectDisposedException)
        {
            // Cut off by the other side, or by us.
        }
        finally
        {
            await _gone.CancelAsync().ConfigureAwait(false);
            _accepted.Writer.TryComplete();
            foreach (var stream in _streams.Values)
                stream.Abort();
        }
    }

    public Task GoAwayAsync(CancellationToken cancellationToken) => _writer.GoAwayAsync(_lastStream, 0, cancellationToken);

    public void Dispose()
    {
        _writer.Dispose();
        _gone.Dispose();
    }

    private async Task<bool> ReceiveAsync(CancellationToken cancellationToken)
    {
        var header = new byte[FrameHeader.Size];
        if (await transport.ReadAtLeastAsync(header, header.Length, throwOnEndOfStream: false, cancellationToken).ConfigureAwait(false) < header.Length)
            return false;
        var frame = FrameHeader.Read(header);
        if (frame.Kind == FrameKind.Data)
        {
            await ReceiveDataAsync(frame, cancellationToken).ConfigureAwait(false);
            return true;
        }
        if (frame.Length > LargestControl)
            throw new SpdyException($"a control frame of {frame.Length} bytes");
        var body = new byte[frame.Length];
        await transport.ReadExactlyAsync(body, cancellationToken).ConfigureAwait(false);
        return await HandleAsync(frame, body, cancellationToken).ConfigureAwait(false);
    }

    // Handed on as it comes: a frame may be of 16 MiB. For a stream that is closed it is read and dropped.
    private async Task ReceiveDataAsync(FrameHeader frame, CancellationToken cancellationToken)
    {
        var stream = _streams.GetValueOrDefault(frame.StreamId);
        for (var left = frame.Length; left > 0;)
        {
            var read = await transport.ReadAsync(_buffer.AsMemory(0, Math.Min(left, Chunk)), cancellationToken).ConfigureAwait(false);
            if (read == 0)
                throw new EndOfStreamException();
            left -= read;
            alive();
            if (stream is not null)
                await stream.ReceiveAsync(_buffer.AsMemory(0, read), cancellationToken).ConfigureAwait(false);
        }
        if (frame.Length > 0)
            await _writer.WindowAsync(0, (uint)frame.Length, cancellationToken).ConfigureAwait(false);
        if (frame.IsFin)
            stream?.ReceiveEnd();
    }

    private async Task<bool> HandleAsync(FrameHeader frame, byte[] body, CancellationToken cancellationToken)
    {
        switch (frame.Kind)
        {
            case FrameKind.SynStream:
                await OpenAsync(frame, Number(body, 10) & IdMask, body, cancellationToken).ConfigureAwait(false);
                return true;
            case FrameKind.RstStream:
                if (_streams.TryGetValue(Number(body, 8) & IdMask, out var reset))
                    reset.Abort();
                return true;
            // An even number would be the answer to a ping of ours; there are none.
            case FrameKind.Ping when (Number(body, 4) & 1) == 1:
                await _writer.PingAsync(Number(body, 4), cancellationToken).ConfigureAwait(false);
                return true;
            case FrameKind.Headers:
                // Nobody asks for them, but the zlib stream goes through them.
                _ = Number(body, 4);
                _headers.Read(body, 4, body.Length - 4);
                return true;
            case FrameKind.SynReply:
                throw new SpdyException("a reply to a stream, and we open none");
            default:
                return true;
        }
    }

    private async Task OpenAsync(FrameHeader frame, uint id, byte[] body, CancellationToken cancellationToken)
    {
        const int Fixed = 10;
        var headers = _headers.Read(body, Fixed, body.Length - Fixed);
        if ((id & 1) == 0 || id <= _lastStream)
            throw new SpdyException($"stream {id} after stream {_lastStream}: numbers of a client are odd and rise");
        _lastStream = id;
        var stream = new SpdyStream(id, headers, _writer, gone => _streams.TryRemove(gone.Id, out _));
        if (_streams.Count >= MostStreams)
        {
            await _writer.ResetAsync(id, ResetReason.RefusedStream, cancellationToken).ConfigureAwait(false);
            return;
        }
        _streams[id] = stream;
        await _writer.ReplyAsync(id, cancellationToken).ConfigureAwait(false);
        if (frame.IsFin)
            stream.ReceiveEnd();
        // Handed out after the reply, which must come before our first data.
        if (!_accepted.Writer.TryWrite(stream))
            await stream.ResetAsync(ResetReason.RefusedStream, cancellationToken).ConfigureAwait(false);
    }

    private async Task FarewellAsync(CancellationToken cancellationToken)
    {
        try
        {
            await _writer.GoAwayAsync(_lastStream, 1, cancellationToken).ConfigureAwait(false);
        }
        catch (Exception broken) when (broken is IOException or OperationCanceledException or ObjectDisposedException)
        {
            // It no longer listens: then it need not know.
        }
    }

    /// <summary>The number that a body begins with; the body has at least <paramref name="least"/> bytes.</summary>
    private static uint Number(byte[] body, int least) =>
        body.Length >= least ? BinaryPrimitives.ReadUInt32BigEndian(body) : throw new SpdyException("a control frame that ends too early");
}
