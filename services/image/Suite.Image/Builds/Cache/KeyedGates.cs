using Suite.Oci.References;

namespace Suite.Image.Builds.Cache;

/// <summary>One at a time for each key.</summary>
internal sealed class KeyedGates
{
    private readonly Dictionary<Digest, (SemaphoreSlim Gate, int Users)> _gates = [];

    public async Task<Turn> EnterAsync(Digest key, CancellationToken cancellationToken)
    {
        SemaphoreSlim gate;
        lock (_gates)
        {
            var (known, users) = _gates.TryGetValue(key, out var found) ? found : (new SemaphoreSlim(1, 1), 0);
            _gates[key] = (gate = known, users + 1);
        }

        var waited = !gate.Wait(0, CancellationToken.None);
        try
        {
            if (waited) await gate.WaitAsync(cancellationToken).ConfigureAwait(false);
        }
        catch
        {
            Leave(key);
            throw;
        }

        return new Turn(this, key, gate, waited);
    }

    private void Leave(Digest key)
    {
        lock (_gates)
        {
            var (gate, users) = _gates[key];
            if (users == 1) _gates.Remove(key);
            else _gates[key] = (gate, users - 1);
        }
    }

    /// <summary>Disposing it lets the next one in.</summary>
    internal sealed class Turn(KeyedGates gates, Digest key, SemaphoreSlim gate, bool hadToWait) : IDisposable
    {
        public bool HadToWait { get; } = hadToWait;

        public void Dispose()
        {
            gate.Release();
            gates.Leave(key);
        }
    }
}
