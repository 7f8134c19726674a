using System.Buffers;
using System.IO.Pipelines;

namespace Suite.Hosting.Authorities;

/// <summary>
/// The bytes of a client, with the HEADERS of an old one rewritten. Once the first request has a name that a server takes, it
/// stands aside: a client has one name for all its requests on a connection, and what follows costs nothing.
/// </summary>
internal sealed class AuthorityReader(PipeReader inner) : PipeReader
{
    private readonly FrameWalk _walk = new();
    private bool _watching = true;

    // A rewritten frame, given out before anything else; and what was last given out.
    private ReadOnlySequence<byte> _rewritten = ReadOnlySequence<byte>.Empty;
    private ReadOnlySequence<byte> _given;
    private bool _gaveRewritten;

    public override ValueTask<ReadResult> ReadAsync(CancellationToken cancellationToken = default) =>
        _watching ? WatchAsync(cancellationToken) : inner.ReadAsync(cancellationToken);

    public override bool TryRead(out ReadResult result)
    {
        if (!_watching)
            return inner.TryRead(out result);
        // Allowed to: there may be nothing now. What there is comes by ReadAsync.
        result = default;
        return false;
    }

    public override void AdvanceTo(SequencePosition consumed) => AdvanceTo(consumed, consumed);

    public override void AdvanceTo(SequencePosition consumed, SequencePosition examined)
    {
        if (_gaveRewritten)
        {
            _rewritten = _rewritten.Slice(consumed);
            _gaveRewritten = false;
            return;
        }
        if (_watching)
            _walk.Pass(_given.Slice(0, consumed));
        inner.AdvanceTo(consumed, examined);
    }

    public override void CancelPendingRead() => inner.CancelPendingRead();

    public override void Complete(Exception? exception = null) => inner.Complete(exception);

    private async ValueTask<ReadResult> WatchAsync(CancellationToken cancellationToken)
    {
        while (_rewritten.IsEmpty)
        {
            var result = await inner.ReadAsync(cancellationToken).ConfigureAwait(false);
            var buffer = result.Buffer;
            var before = _walk.BeforeHeaders(buffer);
            if (before > 0 || result.IsCanceled || (result.IsCompleted && buffer.IsEmpty))
                return Give(buffer.Slice(0, before), result);
            if (!HeadersFrame.TryRead(buffer, out var frame))
            {
                // A part of it: given out too early, its length could not be changed any more.
                if (result.IsCompleted)
                    return StandAside(buffer, result);
                inner.AdvanceTo(buffer.Start, buffer.End);
                continue;
            }
            if (frame.Rewritten() is not { } rewritten)
                return StandAside(buffer, result);
            _rewritten = new ReadOnlySequence<byte>(rewritten);
            inner.AdvanceTo(buffer.GetPosition(frame.Length));
        }
        _gaveRewritten = true;
        return new ReadResult(_rewritten, isCanceled: false, isCompleted: false);
    }

    private ReadResult Give(ReadOnlySequence<byte> buffer, ReadResult result)
    {
        _given = buffer;
        return new ReadResult(buffer, result.IsCanceled, result.IsCompleted && buffer.Length == result.Buffer.Length);
    }

    private ReadResult StandAside(ReadOnlySequence<byte> buffer, ReadResult result)
    {
        _watching = false;
        return new ReadResult(buffer, result.IsCanceled, result.IsCompleted);
    }
}
