using Grpc.Core;
using Suite.Graph.V1;
using Suite.Linux.Errors;

namespace Suite.Image.Endpoints;

/// <summary>The context's messages as one stream of bytes. Read by a thread of its own, so that it may block.</summary>
internal sealed class ContextStream(IAsyncStreamReader<BuildRequest> requests, CancellationToken cancellationToken) : Graph.Compression.ReadOnlyStream
{
    private ReadOnlyMemory<byte> _rest;

    public override int Read(Span<byte> buffer)
    {
        while (_rest.IsEmpty)
        {
            if (!requests.MoveNext(cancellationToken).GetAwaiter().GetResult()) return 0;
            if (requests.Current.PartCase != BuildRequest.PartOneofCase.Context)
                throw new SuiteException(ErrorKind.InvalidArgument, "After the options of a build only its context may follow.");
            _rest = requests.Current.Context.Memory;
        }

        var count = Math.Min(buffer.Length, _rest.Length);
        _rest.Span[..count].CopyTo(buffer);
        _rest = _rest[count..];
        return count;
    }
}
