namespace Suite.Registry.Limits;

/// <summary>Slows down who guesses passwords: after too many failures an address waits before the next is even looked at.</summary>
internal sealed class LoginLimit(LimitOptions options, TimeProvider time)
{
    private const double Minute = 60;

    private readonly TokenBuckets? _failures = options.FailedLoginsPerMinute > 0
        ? new TokenBuckets(options.FailedLoginsPerMinute / Minute, options.FailedLoginsPerMinute, time)
        : null;

    public void Check(string origin)
    {
        if (_failures is not null && !_failures.HasAny(origin, out var wait))
            throw new TooManyException("too many failed logins from this address: wait and try again", wait);
    }

    public void Failed(string origin) => _failures?.TryTake(origin, out _);
}
