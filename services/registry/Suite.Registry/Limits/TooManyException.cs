using Suite.Linux.Errors;

namespace Suite.Registry.Limits;

/// <summary>429, with the time after which it is worth trying again.</summary>
internal sealed class TooManyException(string message, TimeSpan wait) : SuiteException(ErrorKind.ResourceExhausted, message)
{
    /// <summary>Whole seconds, as Retry-After is written.</summary>
    public int RetryAfter => Math.Max(1, (int)Math.Ceiling(wait.TotalSeconds));
}
