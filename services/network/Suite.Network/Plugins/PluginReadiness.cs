using Suite.Linux.Errors;

namespace Suite.Network.Plugins;

/// <summary>Whether the ruling list can connect pods, asked of its plugins now and then: whoever waits for readiness asks often.</summary>
internal sealed class PluginReadiness(PluginFolder folder, PluginChain chain, TimeProvider time) : IDisposable
{
    private static readonly TimeSpan Fresh = TimeSpan.FromSeconds(5);

    private readonly SemaphoreSlim _turn = new(1, 1);
    private (PluginList? List, long At, string? Problem) _last;

    /// <returns>Why not; null when it can, or when no list rules.</returns>
    public async Task<string?> ProblemAsync(CancellationToken cancellationToken)
    {
        if (folder.Current() is not { } list)
        {
            return null;
        }

        await _turn.WaitAsync(cancellationToken);
        try
        {
            if (!ReferenceEquals(_last.List, list) || time.GetElapsedTime(_last.At) > Fresh)
            {
                _last = (list, time.GetTimestamp(), await AskAsync(list, cancellationToken));
            }

            return _last.Problem;
        }
        finally
        {
            _turn.Release();
        }
    }

    public void Dispose() => _turn.Dispose();

    private async Task<string?> AskAsync(PluginList list, CancellationToken cancellationToken)
    {
        try
        {
            await chain.StatusAsync(list, cancellationToken);
            return null;
        }
        catch (SuiteException e)
        {
            return $"Network plugin returns error: {e.Message}";
        }
    }
}
