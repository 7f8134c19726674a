namespace Suite.Network;

/// <summary>
/// One change of the network at a time. The kernel has one lock for links anyway, and a change takes a millisecond or two; what
/// a caller waits for is then always somebody else's finished work, and a repeated call finds what the first one made.
/// </summary>
internal sealed class Gate : IDisposable
{
    private readonly SemaphoreSlim _turn = new(1, 1);

    public async Task<Turn> EnterAsync(CancellationToken cancellationToken)
    {
        await _turn.WaitAsync(cancellationToken);
        return new Turn(_turn);
    }

    public void Dispose() => _turn.Dispose();

    internal readonly struct Turn(SemaphoreSlim turn) : IDisposable
    {
        public void Dispose() => turn.Release();
    }
}
