namespace Suite.Runtime.Streams;

/// <summary>
/// Carries a process's output to a caller, who takes one message at a time. A caller that does not read holds the process back
/// no further than the pipe between them reaches.
/// </summary>
internal sealed class OutputPump(Func<bool, ReadOnlyMemory<byte>, CancellationToken, Task> write) : IDisposable
{
    private const int Chunk = 32 << 10;

    private readonly SemaphoreSlim _turn = new(1, 1);

    /// <summary>Until both streams have ended.</summary>
    public Task PumpAsync(Stream? output, Stream? error, CancellationToken cancellationToken) =>
        Task.WhenAll(PumpOneAsync(output, isError: false, cancellationToken), PumpOneAsync(error, isError: true, cancellationToken));

    public void Dispose() => _turn.Dispose();

    private async Task PumpOneAsync(Stream? stream, bool isError, CancellationToken cancellationToken)
    {
        if (stream is null)
            return;
        var buffer = new byte[Chunk];
        while (await ReadAsync(stream, buffer, cancellationToken).ConfigureAwait(false) is var read and > 0)
        {
            await _turn.WaitAsync(cancellationToken).ConfigureAwait(false);
            try
            {
                await write(isError, buffer.AsMemory(0, read), cancellationToken).ConfigureAwait(false);
            }
            finally
            {
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
