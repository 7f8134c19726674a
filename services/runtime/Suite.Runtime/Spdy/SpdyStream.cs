using System.IO.Pipelines;

namespace Suite.Runtime.Spdy;

/// <summary>One stream that the peer opened. What it sends waits here, up to a bound; then the session reads no further.</summary>
internal sealed class SpdyStream(uint id, IReadOnlyDictionary<string, string> headers, FrameWriter writer, Action<SpdyStream> closed)
{
    private const int Waiting = 128 << 10;

    // A peer that keeps to the windows of SPDY/3.1 stops after 64 KiB, unless it is told that those were read.
    private const int WindowStep = 32 << 10;

    private readonly Pipe _received = new(new PipeOptions(pauseWriterThreshold: Waiting, resumeWriterThreshold: Waiting / 2, useSynchronizationContext: false));
    private readonly Lock _guard = new();
    private bool _theirEnd;
    private bool _ourEnd;
    private int _unread;

    public uint Id => id;

    public string? Header(string name) => headers.GetValueOrDefault(name);

    /// <summary>What the peer sends; completed by its FIN, by a reset, and by the session's end.</summary>
    public PipeReader Input => _received.Reader;

    public Task WriteAsync(ReadOnlyMemory<byte> data, CancellationToken cancellationToken) =>
        _ourEnd ? Task.CompletedTask : writer.DataAsync(id, data, fin: false, cancellationToken);

    /// <summary>Our FIN. Once is enough.</summary>
    public Task EndAsync(CancellationToken cancellationToken)
    {
        if (!Close(ours: true))
            return Task.CompletedTask;
        return writer.DataAsync(id, default, fin: true, cancellationToken);
    }

    /// <summary>For whoever reads it. What still arrives is dropped.</summary>
    public Task ResetAsync(ResetReason reason, CancellationToken cancellationToken)
    {
        Close(ours: true);
        _received.Reader.Complete();
        return writer.ResetAsync(id, reason, cancellationToken);
    }

    internal async Task ReceiveAsync(ReadOnlyMemory<byte> data, CancellationToken cancellationToken)
    {
        if (_theirEnd)
            return;
        _ = await _received.Writer.WriteAsync(data, cancellationToken).ConfigureAwait(false);
        if ((_unread += data.Length) < WindowStep)
            return;
        await writer.WindowAsync(id, (uint)_unread, cancellationToken).ConfigureAwait(false);
        _unread = 0;
    }

    internal void ReceiveEnd() => Close(ours: false);

    /// <summary>Reset by the peer, or gone with its session.</summary>
    internal void Abort()
    {
        Close(ours: true);
        Close(ours: false);
    }

    /// <returns>Whether this side of it was open.</returns>
    private bool Close(bool ours)
    {
        bool both;
        lock (_guard)
        {
            if (ours ? _ourEnd : _theirEnd)
                return false;
            (_ourEnd, _theirEnd) = (_ourEnd || ours, _theirEnd || !ours);
            both = _ourEnd && _theirEnd;
        }
        if (!ours)
            _received.Writer.Complete();
        if (both)
            closed(this);
        return true;
    }
}
