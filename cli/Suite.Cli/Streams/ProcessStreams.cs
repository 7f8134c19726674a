using Suite.Container.V1;

namespace Suite.Cli.Streams;

/// <summary>The standard streams of a process at the other end of a call, whichever call that is.</summary>
internal abstract class ProcessStreams : IDisposable
{
    // A gRPC request stream takes one message at a time, while keys and window sizes come from different threads.
    private readonly SemaphoreSlim _turn = new(1, 1);

    public abstract IAsyncEnumerable<ProcessEvent> ReadAsync(CancellationToken cancellationToken);

    public Task SendAsync(ReadOnlyMemory<byte> input, CancellationToken cancellationToken) =>
        InTurnAsync(() => WriteInputAsync(input, cancellationToken), cancellationToken);

    public Task SendEndAsync(CancellationToken cancellationToken) =>
        InTurnAsync(() => WriteEndAsync(cancellationToken), cancellationToken);

    public Task SendSizeAsync(TerminalSize size, CancellationToken cancellationToken) =>
        InTurnAsync(() => WriteSizeAsync(size, cancellationToken), cancellationToken);

    /// <summary>A person leaves, and the process is to go on.</summary>
    /// <returns>Whether the other side was told and ends the call: else who calls does.</returns>
    public async Task<bool> TryLeaveAsync(CancellationToken cancellationToken)
    {
        var told = false;
        await InTurnAsync(async () => told = await WriteLeaveAsync(cancellationToken), cancellationToken);
        return told;
    }

    public virtual void Dispose() => _turn.Dispose();

    protected abstract Task WriteInputAsync(ReadOnlyMemory<byte> input, CancellationToken cancellationToken);

    protected abstract Task WriteEndAsync(CancellationToken cancellationToken);

    protected abstract Task WriteSizeAsync(TerminalSize size, CancellationToken cancellationToken);

    /// <summary>What is attached goes on by itself; what ends with its call has to be told.</summary>
    protected virtual Task<bool> WriteLeaveAsync(CancellationToken cancellationToken) => Task.FromResult(false);

    private async Task InTurnAsync(Func<Task> write, CancellationToken cancellationToken)
    {
        await _turn.WaitAsync(cancellationToken);
        try
        {
            await write();
        }
        finally
        {
            _turn.Release();
        }
    }
}

/// <summary>One of: the process can be heard from now on; it said something; it ended.</summary>
internal readonly record struct ProcessEvent(bool Ready, Container.V1.Output? Output, int? ExitCode);
