using System.Threading.Channels;
using Suite.Linux.Errors;

namespace Suite.Network.Bridge.Namespaces;

/// <summary>
/// Keeps a few of something ready, because the kernel takes longer to make it than for everything else of an attach together.
/// One task refills it; whoever finds it empty makes his own, and never waits for somebody else's.
/// </summary>
internal sealed class ReadyPool<T> : IDisposable
    where T : class, IDisposable
{
    private static readonly TimeSpan RetryAfter = TimeSpan.FromSeconds(1);

    /// <summary>Whoever took one is at work just now, and needs the processor and the kernel's lock for links himself.</summary>
    private static readonly TimeSpan Courtesy = TimeSpan.FromMilliseconds(10);

    private readonly Channel<T> _ready;
    private readonly Func<T> _create;
    private readonly int _spare;
    private readonly CancellationTokenSource _stop = new();
    private readonly Task _refill;

    /// <param name="spare">How many to keep ready; 0: none.</param>
    public ReadyPool(int spare, Func<T> create)
    {
        // The refiller holds one more while the channel is full.
        _ready = Channel.CreateBounded<T>(new BoundedChannelOptions(Math.Max(1, spare - 1)) { SingleWriter = true });
        (_spare, _create) = (spare, create);
        _refill = spare > 0 ? Task.Run(RefillAsync) : Task.CompletedTask;
    }

    public T? TryTake() => _ready.Reader.TryRead(out var ready) ? ready : null;

    public void Dispose()
    {
        if (_stop.IsCancellationRequested)
        {
            return;
        }

        _stop.Cancel();
        _refill.GetAwaiter().GetResult();
        while (_ready.Reader.TryRead(out var ready))
        {
            ready.Dispose();
        }

        _stop.Dispose();
    }

    private async Task RefillAsync()
    {
        try
        {
            while (true)
            {
                if (_ready.Reader.Count > _spare / 2)
                {
                    await Task.Delay(Courtesy, _stop.Token);
                }

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

    private async Task PutAsync(T next)
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

    private T? TryCreate()
    {
        try
        {
            return _stop.IsCancellationRequested ? null : _create();
        }
        catch (SuiteException)
        {
            // Whoever takes one now makes it himself and meets the same error, with a caller to tell it to.
            return null;
        }
    }
}
