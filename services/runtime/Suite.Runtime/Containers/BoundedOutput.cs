using System.Buffers;

namespace Suite.Runtime.Containers;

/// <summary>
/// Reads a stream to its end and keeps the beginning of it, as far as the budget goes. The rest is read and dropped, so that the
/// writer does not hang.
/// </summary>
internal sealed class BoundedOutput
{
    private readonly Lock _guard = new();
    private readonly ArrayBufferWriter<byte> _kept = new();

    public BoundedOutput(Stream? stream, OutputBudget budget) => End = stream is null ? Task.CompletedTask : ReadAsync(stream, budget);

    /// <summary>Completes with the stream; never faults.</summary>
    public Task End { get; }

    /// <summary>What has come until now.</summary>
    public ReadOnlyMemory<byte> Taken
    {
        get
        {
            lock (_guard)
                return _kept.WrittenMemory;
        }
    }

    private async Task ReadAsync(Stream stream, OutputBudget budget)
    {
        var buffer = new byte[16 << 10];
        try
        {
            int read;
            while ((read = await stream.ReadAsync(buffer).ConfigureAwait(false)) > 0)
            {
                var kept = budget.Take(read);
                lock (_guard)
                    _kept.Write(buffer.AsSpan(0, kept));
            }
        }
        catch (Exception closed) when (closed is IOException or ObjectDisposedException or OperationCanceledException)
        {
            // Closed from our side, or a terminal whose other side has gone: the end, either way.
        }
    }
}
