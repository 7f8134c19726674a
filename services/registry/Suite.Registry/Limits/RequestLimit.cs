using Microsoft.AspNetCore.Http;
using Suite.Registry.Access;

namespace Suite.Registry.Limits;

/// <summary>So many requests a second of one caller: by name where there is one, or else by address.</summary>
internal sealed class RequestLimit(LimitOptions options, TimeProvider time)
{
    private readonly TokenBuckets? _requests = Make(options.RequestsPerSecond, options, time);
    private readonly TokenBuckets? _changes = Make(options.ChangesPerSecond, options, time);

    public void Take(HttpContext http, Caller caller)
    {
        if (_requests is null && _changes is null)
            return;
        var key = caller.IsAnonymous ? http.Connection.RemoteIpAddress?.ToString() ?? "" : "user " + caller.User;
        var wait = TimeSpan.Zero;
        if (_requests?.TryTake(key, out wait) == false)
            throw new TooManyException($"more than {options.RequestsPerSecond} requests a second: wait and try again", wait);
        if (http.Request.Method is not ("GET" or "HEAD") && _changes?.TryTake(key, out wait) == false)
            throw new TooManyException($"more than {options.ChangesPerSecond} changes a second: wait and try again", wait);
    }

    private static TokenBuckets? Make(double rate, LimitOptions options, TimeProvider time) =>
        rate > 0 ? new TokenBuckets(rate, rate * options.BurstSeconds, time) : null;
}
