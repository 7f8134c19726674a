using Google.Protobuf;
using Grpc.Core;
using Suite.Image.Graph.Compression;

namespace Suite.Image.Endpoints;

/// <summary>A client's messages as one stream of bytes. Read by a thread of its own, so that it may block.</summary>
/// <param name="first">What was read already.</param>
internal sealed class RequestStream<TRequest>(
    IAsyncStreamReader<TRequest> requests, Func<TRequest, ByteString> data, CancellationToken cancellationToken, ReadOnlyMemory<byte> first = default) : ReadOnlyStream
{
    private ReadOnlyMemory<byte> _rest = first;

    public override int Read(Span<byte> buffer)
    {
        while (_rest.IsEmpty)
        {
            if (!requests.MoveNext(cancellationToken).GetAwaiter().GetResult()) return 0;
            _rest = data(requests.Current).Memory;
        }

        var count = Math.Min(buffer.Length, _rest.Length);
        _rest.Span[..count].CopyTo(buffer);
        _rest = _rest[count..];
        return count;
    }
}
