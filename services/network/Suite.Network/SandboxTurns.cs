namespace Suite.Network;

/// <summary>
/// One call at a time about each sandbox. Plugins may take seconds, so calls about others do not wait for them; a repeated call
/// about the same one does, and finds what the first one made.
/// </summary>
internal sealed class SandboxTurns
{
    private readonly Dictionary<string, (SemaphoreSlim Turn, int Users)> _turns = new(StringComparer.Ordinal);

    public async Task<IDisposable> EnterAsync(string sandbox, CancellationToken cancellationToken)
    {
        SemaphoreSlim turn;
        lock (_turns)
        {
            var (known, users) = _turns.GetValueOrDefault(sandbox, (new SemaphoreSlim(1, 1), 0));
            _turns[sandbox] = (turn = known, users + 1);
        }

        try
        {
            await turn.WaitAsync(cancellationToken);
            return new Held(this, sandbox, turn);
        }
        catch
        {
            Leave(sandbox);
            throw;
        }
    }

    private void Leave(string sandbox)
    {
        lock (_turns)
        {
            var (turn, users) = _turns[sandbox];
            if (users == 1)
            {
                _turns.Remove(sandbox);
            }
            else
            {
                _turns[sandbox] = (turn, users - 1);
            }
        }
    }

    private sealed class Held(SandboxTurns turns, string sandbox, SemaphoreSlim turn) : IDisposable
    {
        public void Dispose()
        {
            turn.Release();
            turns.Leave(sandbox);
        }
    }
}
