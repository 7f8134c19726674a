using System.Buffers.Binary;

namespace Suite.Runtime.Spdy;

/// <summary>
/// Writes whole frames, one after the other whoever asks. A peer that does not read holds the writers back here: nothing is
/// kept for it. Windows are not looked at: the clients of Kubernetes never open theirs (moby/spdystream drops WINDOW_UPDATE
/// and sends none), and the socket's own flow control does the same.
/// </summary>
internal sealed class FrameWriter(Stream transport, Action alive) : IDisposable
{
    private readonly SemaphoreSlim _turn = new(1, 1);
    private readonly HeaderEncoder _headers = new();

    public Task DataAsync(uint stream, ReadOnlyMemory<byte> data, bool fin, CancellationToken cancellationToken)
    {
        var frame = Frame(new FrameHeader(FrameKind.Data, stream, fin ? FrameHeader.Fin : (byte)0, data.Length));
        data.Span.CopyTo(frame.AsSpan(FrameHeader.Size));
        return SendAsync(() => frame, cancellationToken);
    }

    // Headers are packed under the lock: their order on the wire is the order of the one zlib stream.
    public Task ReplyAsync(uint stream, CancellationToken cancellationToken) => SendAsync(
        () => Control(FrameKind.SynReply, stream, _headers.Write(new Dictionary<string, string>())), cancellationToken);

    public Task ResetAsync(uint stream, ResetReason reason, CancellationToken cancellationToken) =>
        SendAsync(() => Control(FrameKind.RstStream, stream, Number((uint)reason)), cancellationToken);

    public Task WindowAsync(uint stream, uint bytes, CancellationToken cancellationToken) =>
        SendAsync(() => Control(FrameKind.WindowUpdate, stream, Number(bytes)), cancellationToken);

    public Task PingAsync(uint id, CancellationToken cancellationToken) =>
        SendAsync(() => Control(FrameKind.Ping, id, []), cancellationToken);

    /// <param name="lastStream">The last one of the peer's that was taken.</param>
    /// <param name="status">0: all is well; 1: a protocol error.</param>
    public Task GoAwayAsync(uint lastStream, uint status, CancellationToken cancellationToken) =>
        SendAsync(() => Control(FrameKind.GoAway, lastStream, Number(status)), cancellationToken);

    public void Dispose() => _turn.Dispose();

    private async Task SendAsync(Func<byte[]> frame, CancellationToken cancellationToken)
    {
        await _turn.WaitAsync(cancellationToken).ConfigureAwait(false);
        try
        {
            await transport.WriteAsync(frame(), cancellationToken).ConfigureAwait(false);
            await transport.FlushAsync(cancellationToken).ConfigureAwait(false);
            // The peer takes what it is sent: one that only listens is no less there than one that speaks.
            alive();
        }
        finally
        {
            _turn.Release();
        }
    }

    /// <summary>A control frame whose body begins with a number of 32 bits, as all of ours do.</summary>
    private static byte[] Control(FrameKind kind, uint first, ReadOnlySpan<byte> rest)
    {
        var frame = Frame(new FrameHeader(kind, 0, 0, sizeof(uint) + rest.Length));
        BinaryPrimitives.WriteUInt32BigEndian(frame.AsSpan(FrameHeader.Size), first);
        rest.CopyTo(frame.AsSpan(FrameHeader.Size + sizeof(uint)));
        return frame;
    }

    private static byte[] Frame(FrameHeader header)
    {
        var frame = new byte[FrameHeader.Size + header.Length];
        header.Write(frame);
        return frame;
    }

    private static byte[] Number(uint number)
    {
        var bytes = new byte[sizeof(uint)];
        BinaryPrimitives.WriteUInt32BigEndian(bytes, number);
        return bytes;
    }
}
