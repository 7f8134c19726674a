using Grpc.Core;
using Suite.Graph.V1;

namespace Suite.Cli.Contexts;

/// <summary>What a build's caller sends, one message at a time: gRPC takes no two.</summary>
internal sealed class BuildWriter(IClientStreamWriter<BuildRequest> stream) : IDisposable
{
    private readonly SemaphoreSlim _turn = new(1, 1);

    public async Task WriteAsync(BuildRequest request, CancellationToken cancellationToken)
    {
        await _turn.WaitAsync(cancellationToken);
        try
        {
            await stream.WriteAsync(request, cancellationToken);
        }
        finally
        {
            _turn.Release();
        }
    }

    public void Dispose() => _turn.Dispose();
}
