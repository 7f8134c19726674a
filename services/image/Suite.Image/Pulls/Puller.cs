using Suite.Image.Journals;
using Suite.Image.Registries;
using Suite.Oci.Images;
using Suite.Oci.References;

namespace Suite.Image.Pulls;

/// <summary>
/// Joins pulls: callers who want the same image with the same credentials share one pull and its progress. The pull ends when the
/// last of them has gone.
/// </summary>
internal sealed class Puller(ImagePull pull, ImageJournal journal)
{
    private readonly Dictionary<Key, Shared> _running = [];

    /// <param name="tell">Hears what happens from now on; called on any thread, one call at a time.</param>
    public async Task<PullOutcome> PullAsync(
        Reference reference, Credentials credentials, Platform platform, Action<TransferEvent> tell, CancellationToken cancellationToken)
    {
        var key = new Key(reference.Canonical().ToString(), credentials, platform.ToString());
        Shared shared;
        lock (_running)
        {
            if (!_running.TryGetValue(key, out shared!))
            {
                _running.Add(key, shared = new Shared(new CancellationTokenSource()));
                shared.Result = Task.Run(() => RunAsync(key, shared, reference.Canonical(), platform), CancellationToken.None);
            }

            shared.Join(tell);
        }

        try
        {
            return await shared.Result.WaitAsync(cancellationToken).ConfigureAwait(false);
        }
        finally
        {
            lock (_running)
            {
                if (shared.Leave(tell) && _running.GetValueOrDefault(key) == shared) _running.Remove(key);
            }
        }
    }

    private async Task<PullOutcome> RunAsync(Key key, Shared shared, Reference reference, Platform platform)
    {
        try
        {
            var outcome = await pull.RunAsync(reference, key.Credentials, platform, shared.Tell, shared.Ended).ConfigureAwait(false);
            journal.RecordTransfer(ImageActions.Pull, reference, outcome.Image);
            return outcome;
        }
        finally
        {
            lock (_running)
            {
                if (_running.GetValueOrDefault(key) == shared) _running.Remove(key);
            }
        }
    }

    private sealed record Key(string Reference, Credentials Credentials, string Platform);

    /// <summary>One pull and those who listen to it.</summary>
    /// <param name="ended">Cancelled when nobody listens; never disposed, as a source without a timer has nothing to free.</param>
    private sealed class Shared(CancellationTokenSource ended)
    {
        private readonly List<Action<TransferEvent>> _listeners = [];

        public Task<PullOutcome> Result { get; set; } = null!;

        public CancellationToken Ended => ended.Token;

        public void Join(Action<TransferEvent> listener)
        {
            lock (_listeners) _listeners.Add(listener);
        }

        /// <returns>True when nobody is left.</returns>
        public bool Leave(Action<TransferEvent> listener)
        {
            lock (_listeners)
            {
                _listeners.Remove(listener);
                if (_listeners.Count > 0) return false;
            }

            ended.Cancel();
            return true;
        }

        public void Tell(TransferEvent what)
        {
            lock (_listeners)
            {
                foreach (var listener in _listeners) listener(what);
            }
        }
    }
}
