using System.Runtime.CompilerServices;
using System.Threading.Channels;
using Suite.Linux.Errors;

namespace Suite.Hosting.Journals;

/// <summary>
/// What happened lately in a service, for people: the last of it is remembered while the service runs, and whoever listens hears the rest
/// as it happens. Nobody is waited for: a listener that is too late is cut off, and knows it.
/// </summary>
public class EventJournal<T>(TimeProvider time)
    where T : class
{
    public const int Remembered = 1024;

    private readonly Lock _guard = new();
    private readonly Queue<(long At, T Happened)> _past = new();
    private readonly List<Channel<(long At, T Happened)>> _listeners = [];

    /// <summary>Those since a moment, in nanoseconds since the epoch (0: none), that are still remembered.</summary>
    public IReadOnlyList<T> Past(long since)
    {
        lock (_guard)
            return [.. Remembering(since).Select(past => past.Happened)];
    }

    /// <summary>Those since a moment that are still remembered (0: none), and then all that happens.</summary>
    /// <exception cref="SuiteException">ResourceExhausted: too many were left unread.</exception>
    public async IAsyncEnumerable<T> ListenAsync(long since, Action onListening, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        await foreach (var (_, happened) in HearAsync(since, onListening, cancellationToken).ConfigureAwait(false))
            yield return happened;
    }

    /// <summary>Hands on what happened since a moment (0: from now on) until another (0: without end), which may be past.</summary>
    /// <param name="ready">Done once nothing is missed any more; not when both moments are past.</param>
    public async Task TellAsync(long since, long until, Func<Task> ready, Func<T, Task> tell, CancellationToken cancellationToken)
    {
        var left = TimeSpan.FromTicks((until - Now) / 100);
        if (until > 0 && left <= TimeSpan.Zero)
        {
            (long At, T Happened)[] past;
            lock (_guard)
                past = [.. Remembering(since)];
            foreach (var (_, happened) in past.Where(p => p.At < until))
                await tell(happened).ConfigureAwait(false);
            return;
        }
        using var ending = new CancellationTokenSource(until > 0 ? left : Timeout.InfiniteTimeSpan, time);
        using var end = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, ending.Token);
        var listening = Task.CompletedTask;
        try
        {
            await foreach (var (at, happened) in HearAsync(since, () => listening = ready(), end.Token).ConfigureAwait(false))
            {
                await listening.ConfigureAwait(false);
                if (until > 0 && at >= until)
                    return;
                await tell(happened).ConfigureAwait(false);
            }
        }
        catch (OperationCanceledException) when (ending.IsCancellationRequested && !cancellationToken.IsCancellationRequested)
        {
            // The moment has come.
        }
    }

    /// <param name="make">Gets the moment in nanoseconds since the epoch; called in the order of moments.</param>
    protected void Add(Func<long, T> make)
    {
        lock (_guard)
        {
            var at = Now;
            var entry = (at, make(at));
            if (_past.Count == Remembered)
                _past.Dequeue();
            _past.Enqueue(entry);
            foreach (var listener in _listeners)
            {
                if (!listener.Writer.TryWrite(entry))
                    listener.Writer.TryComplete(new SuiteException(ErrorKind.ResourceExhausted, $"{2 * Remembered} events were not read in time; ask again from where you stopped"));
            }
        }
    }

    private long Now => (time.GetUtcNow() - DateTimeOffset.UnixEpoch).Ticks * 100;

    private async IAsyncEnumerable<(long At, T Happened)> HearAsync(long since, Action onListening, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        var channel = Channel.CreateBounded<(long At, T Happened)>(new BoundedChannelOptions(2 * Remembered) { SingleReader = true });
        lock (_guard)
        {
            foreach (var past in Remembering(since))
                channel.Writer.TryWrite(past);
            _listeners.Add(channel);
        }
        try
        {
            onListening();
            await foreach (var entry in channel.Reader.ReadAllAsync(cancellationToken).ConfigureAwait(false))
                yield return entry;
        }
        finally
        {
            lock (_guard)
                _listeners.Remove(channel);
        }
    }

    private IEnumerable<(long At, T Happened)> Remembering(long since) => _past.Where(past => since > 0 && past.At >= since);
}
