using Suite.Linux.Errors;

namespace Suite.Image.Registries;

/// <summary>Gives a transfer up when no byte has come or gone for a while, however long it takes as a whole.</summary>
internal sealed class Patience : IDisposable
{
    private readonly CancellationTokenSource _source;
    private readonly CancellationToken _caller;
    private readonly TimeSpan _limit;
    private readonly string _host;
    private TimeSpan _now;

    public Patience(TimeSpan limit, string host, CancellationToken caller)
    {
        _source = CancellationTokenSource.CreateLinkedTokenSource(caller);
        _caller = caller;
        _limit = limit;
        _host = host;
        Renew();
    }

    public CancellationToken Token => _source.Token;

    /// <param name="times">How many times the limit is allowed for what comes next.</param>
    public void Renew(int times = 1) => _source.CancelAfter(_now = _limit * times);

    /// <summary>Whether the exception is our own impatience and not the caller's wish.</summary>
    public bool Explains(Exception e) => e is OperationCanceledException && _source.IsCancellationRequested && !_caller.IsCancellationRequested;

    public SuiteException Error(string what) =>
        new(ErrorKind.Unavailable, $"The registry {_host} sent nothing of {what} for {_now.TotalSeconds:0.#} seconds: try again.");

    /// <summary>As <see cref="Error"/>, of what is sent to the registry.</summary>
    public SuiteException ErrorOfSending(string what) =>
        new(ErrorKind.Unavailable, $"The registry {_host} took nothing of {what} for {_now.TotalSeconds:0.#} seconds, and answered nothing: try again.");

    public void Dispose() => _source.Dispose();
}
