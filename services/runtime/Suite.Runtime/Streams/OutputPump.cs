namespace Suite.Runtime.Streams;

/// <summary>
/// Carries a process's output to a caller, who takes one message at a time. A caller that does not read holds the process back
/// no further than the pipe between them reaches.
/// </summary>
internal sealed class OutputPump(Func<bool, ReadOnlyMemory<byte>, CancellationToken, Task> write, TimeProvider time) : IDisposable
{
    private const int Chunk = 32 << 10;

    // A process may leave a child that holds its output open for ever: after its end, silence of this length is the end too.
    private static readonly TimeSpan DrainPatience = TimeSpan.FromSeconds(2);

    private readonly SemaphoreSlim _turn = new(1, 1);
    private long _written;
    private int _writing;

    /// <summary>Until both streams have ended.</summary>
    public Task PumpAsync(Stream? output, Stream? error, CancellationToken cancellationToken) =>
        Task.WhenAll(PumpOneAsync(output, isError: false, cancellationToken), PumpOneAsync(error, isError: true, cancellationToken));

    /// <summary>For after the process's end: until <paramref name="pumping"/> is over, or there was nothing to carry for a while. A slow caller gets its time.</summary>
    public async Task DrainAsync(Task pumping, CancellationToken cancellationToken)
    {
        while (!pumping.IsCompleted)
        {
            var before = Interlocked.Read(ref _written);
            await Task.WhenAny(pumping, Task.Delay(DrainPatience, time, cancellationToken)).ConfigureAwait(false);
            cancellationToken.ThrowIfCancellationRequested();
            if (Volatile.Read(ref _writing) == 0 && Interlocked.Read(ref _written) == before)
                return;
        }
    }

    public void Dispose() => _turn.Dispose();

    private async Task PumpOneAsync(Stream? stream, bool isError, CancellationToken cancellationToken)
    {
        if (stream is null)
            return;
        var buffer = new byte[Chunk];
        while (await ReadAsync(stream, buffer, cancellationToken).ConfigureAwait(false) is var read and > 0)
        {
            Interlocked.Increment(ref _writing);
            await _turn.WaitAsync(cancellationToken).ConfigureAwait(false);
            try
            {
                await write(isError, buffer.AsMemory(0, read), cancellationToken).ConfigureAwait(false);
                Interlocked.Increment(ref _written);
            }
            finally
            {
                Interlocked.Decrement(ref _writing);
                _turn.Release();
            }
        }
    }

    private static async ValueTask<int> ReadAsync(Stream stream, byte[] buffer, CancellationToken cancellationToken)
    {
        try
        {
            return await stream.ReadAsync(buffer, cancellationToken).ConfigureAwait(false);
        }
        catch (IOException)
        {
            // A terminal whose last user has gone answers EIO: it is its way to say the end (pty(7)).
            return 0;
        }
    }
}
