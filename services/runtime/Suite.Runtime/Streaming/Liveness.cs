namespace Suite.Runtime.Streaming;

/// <summary>Ends a connection over which nothing has gone for a while, in either direction, and every connection when the service ends.</summary>
internal sealed class Liveness : IDisposable
{
    private readonly TimeSpan _patience;
    private readonly CancellationTokenSource _idle;
    private readonly CancellationTokenSource _either;

    public Liveness(TimeSpan patience, TimeProvider time, CancellationToken ending)
    {
        _patience = patience;
        _idle = new CancellationTokenSource(patience, time);
        _either = CancellationTokenSource.CreateLinkedTokenSource(_idle.Token, ending);
    }

    public CancellationToken Over => _either.Token;

    /// <summary>Something went over the connection.</summary>
    public void Touch()
    {
        try
        {
            _idle.CancelAfter(_patience);
        }
        catch (ObjectDisposedException)
        {
            // The last frame of a connection that is over.
        }
    }

    /// <summary>All is said: who still reads stops.</summary>
    public void End() => _idle.Cancel();

    public void Dispose()
    {
        _either.Dispose();
        _idle.Dispose();
    }
}
