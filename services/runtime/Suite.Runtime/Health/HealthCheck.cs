namespace Suite.Runtime.Health;

/// <summary>A command that tells whether a container is well.</summary>
internal sealed record HealthCheck(IReadOnlyList<string> Test, TimeSpan Interval, TimeSpan Timeout, TimeSpan StartPeriod, uint Retries);

/// <summary>The words for how a container is.</summary>
internal static class HealthWords
{
    public const string Starting = "starting";
    public const string Healthy = "healthy";
    public const string Unhealthy = "unhealthy";
}
