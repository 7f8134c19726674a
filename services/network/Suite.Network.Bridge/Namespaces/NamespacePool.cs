using System.Threading.Channels;
using Suite.Linux.Errors;

namespace Suite.Network.Bridge.Namespaces;

/// <summary>
/// Keeps a few namespaces ready, because the kernel takes longer to make one than for everything else of an attach together.
/// One task refills it; an empty pool makes the caller wait for its own namespace, never for somebody else's.
/// </summary>
internal sealed class NamespacePool : IDisposable
{
    private static readonly TimeSpan RetryAfter = TimeSpan.FromSeconds(1);

    private readonly Channel<PreparedNamespace> _ready;
    private readonly CancellationTokenSource _stop = new();
    private readonly Task _refill;

    /// <param name="spare">How many to keep ready; 0 makes each one when it is asked for.</param>
    public NamespacePool(int spare)
    {
        // The refiller holds one more while the channel is full.
        _ready = Channel.CreateBounded<PreparedNamespace>(new BoundedChannelOptions(Math.Max(1, spare - 1)) { SingleWriter = true });
        _refill = spare > 0 ? Task.Run(RefillAsync) : Task.CompletedTask;
    }

    public PreparedNamespace Take() => _ready.Reader.TryRead(out var prepared) ? prepared : PreparedNamespace.Create();

    public void Dispose()
    {
        if (_stop.IsCancellationRequested)
        {
            return;
        }

        _stop.Cancel();
        _refill.GetAwaiter().GetResult();
        while (_ready.Reader.TryRead(out var prepared))
        {
            prepared.Dispose();
        }

        _stop.Dispose();
    }

    private async Task RefillAsync()
    {
        try
        {
            while (true)
            {
                if (TryCreate() is { } next)
                {
                    await PutAsync(next);
                }
                else
                {
                    await Task.Delay(RetryAfter, _stop.Token);
                }
            }
        }
        catch (OperationCanceledException)
        {
        }
    }

    private async Task PutAsync(PreparedNamespace next)
    {
        try
        {
            await _ready.Writer.WriteAsync(next, _stop.Token);
        }
        catch
        {
            next.Dispose();
            throw;
        }
    }

    private static PreparedNamespace? TryCreate()
    {
        try
        {
            return PreparedNamespace.Create();
        }
        catch (SuiteException)
        {
            // Whoever takes one now makes it himself and meets the same error, with a caller to tell it to.
            return null;
        }
    }
}
