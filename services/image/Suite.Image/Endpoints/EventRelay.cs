using System.Threading.Channels;
using Grpc.Core;
using Suite.Image.Pulls;

namespace Suite.Image.Endpoints;

/// <summary>
/// Carries progress from a transfer's threads to one gRPC stream. A slow reader never holds a transfer up: progress it does not take
/// is overwritten by newer progress, since the result comes by another way.
/// </summary>
internal sealed class EventRelay<TResponse>(IServerStreamWriter<TResponse> responses, Func<TransferEvent, TResponse> map)
{
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(50);

    private readonly Channel<TransferEvent> _events = Channel.CreateBounded<TransferEvent>(
        new BoundedChannelOptions(1024) { FullMode = BoundedChannelFullMode.DropOldest, SingleReader = true });

    private readonly Dictionary<Oci.References.Digest, long> _told = [];

    /// <summary>Runs the transfer, sends what it tells, and answers its result when all has been sent.</summary>
    public async Task<T> RunAsync<T>(Func<Action<TransferEvent>, Task<T>> transfer, TimeProvider time, CancellationToken cancellationToken)
    {
        var work = Complete(transfer(e => Take(e, time)));
        await foreach (var e in _events.Reader.ReadAllAsync(cancellationToken).ConfigureAwait(false))
            await responses.WriteAsync(map(e), cancellationToken).ConfigureAwait(false);
        return await work.ConfigureAwait(false);
    }

    private async Task<T> Complete<T>(Task<T> transfer)
    {
        try
        {
            return await transfer.ConfigureAwait(false);
        }
        finally
        {
            _events.Writer.Complete();
        }
    }

    /// <summary>A layer tells of every piece; people read a few lines a second.</summary>
    private void Take(TransferEvent e, TimeProvider time)
    {
        if (e is BlobEvent { State: TransferState.Downloading or TransferState.Uploading } blob)
        {
            lock (_told)
            {
                if (_told.TryGetValue(blob.Digest, out var last) && time.GetElapsedTime(last) < Pause) return;
                _told[blob.Digest] = time.GetTimestamp();
            }
        }

        _events.Writer.TryWrite(e);
    }
}
