using System.Runtime.CompilerServices;
using System.Threading.Channels;
using Suite.Linux.Errors;
using Suite.Runtime.Containers;

namespace Suite.Runtime.Journals;

/// <summary>
/// What happened lately, for people: the last of it is remembered while the service runs, and whoever listens hears the rest as
/// it happens. Kubelet's events are another thing, with statuses in them.
/// </summary>
internal sealed class Journal(TimeProvider time)
{
    public const int Remembered = 1024;

    private readonly Lock _guard = new();
    private readonly Queue<Happening> _past = new();
    private readonly List<Channel<Happening>> _listeners = [];

    public void Record(ContainerRecord container, string action, params (string Name, string Value)[] more)
    {
        var attributes = new SortedDictionary<string, string>(StringComparer.Ordinal);
        foreach (var (name, value) in container.Config.Labels)
            attributes[name] = value;
        (attributes["name"], attributes["image"]) = (container.Name, container.Config.Image);
        Record("container", action, container.Id, attributes, more);
    }

    public void RecordVolume(string volume, string action) => Record("volume", action, volume, new SortedDictionary<string, string>(StringComparer.Ordinal), []);

    /// <summary>Those since a moment (0: none) that are still remembered.</summary>
    public IReadOnlyList<Happening> Past(long since)
    {
        lock (_guard)
            return [.. _past.Where(happening => since > 0 && happening.At >= since)];
    }

    /// <summary>Those since a moment that are still remembered (0: none), and then all that happens.</summary>
    /// <exception cref="SuiteException">ResourceExhausted: too many were left unread.</exception>
    public async IAsyncEnumerable<Happening> ListenAsync(long since, Action onListening, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        var channel = Channel.CreateBounded<Happening>(new BoundedChannelOptions(2 * Remembered) { SingleReader = true });
        lock (_guard)
        {
            foreach (var happening in Past(since))
                channel.Writer.TryWrite(happening);
            _listeners.Add(channel);
        }
        try
        {
            onListening();
            await foreach (var happening in channel.Reader.ReadAllAsync(cancellationToken).ConfigureAwait(false))
                yield return happening;
        }
        finally
        {
            lock (_guard)
                _listeners.Remove(channel);
        }
    }

    private void Record(string type, string action, string id, SortedDictionary<string, string> attributes, (string Name, string Value)[] more)
    {
        foreach (var (name, value) in more)
            attributes[name] = value;
        lock (_guard)
        {
            var happening = new Happening(time.NowNanoseconds(), type, action, id, attributes);
            if (_past.Count == Remembered)
                _past.Dequeue();
            _past.Enqueue(happening);
            foreach (var listener in _listeners)
            {
                if (!listener.Writer.TryWrite(happening))
                    listener.Writer.TryComplete(new SuiteException(ErrorKind.ResourceExhausted, $"{2 * Remembered} events were not read in time; ask again from where you stopped"));
            }
        }
    }
}
