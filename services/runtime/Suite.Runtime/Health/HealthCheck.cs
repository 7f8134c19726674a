using Suite.Linux.Errors;

namespace Suite.Runtime.Health;

/// <summary>A command that tells whether a container is well. In a request or an image, zero and empty are what is not said.</summary>
internal sealed record HealthCheck(IReadOnlyList<string> Test, TimeSpan Interval, TimeSpan Timeout, TimeSpan StartPeriod, uint Retries)
{
    private const uint DefaultRetries = 3;

    private static readonly TimeSpan DefaultSpan = TimeSpan.FromSeconds(30);

    private static readonly TimeSpan DefaultStartInterval = TimeSpan.FromSeconds(5);

    /// <summary>Between runs in the start period, until the first that is well.</summary>
    public TimeSpan StartInterval { get; init; }

    /// <summary>Said as a line, which is the last word of the test, behind a shell.</summary>
    public bool Shell { get; init; }

    /// <summary>There is none, and that is said.</summary>
    public bool None { get; init; }

    /// <summary>What the request does not say the image may, and Docker's defaults otherwise.</summary>
    /// <returns>Null: no check.</returns>
    public static HealthCheck? Effective(HealthCheck? asked, HealthCheck? image)
    {
        if (asked is { None: true } || (image is null or { None: true } && asked is null))
            return null;
        var known = image is { None: false } ? image : null;
        var test = asked is { Test.Count: > 0 } ? asked.Test : known?.Test
            ?? throw new SuiteException(ErrorKind.InvalidArgument, "spec.health.test: is missing, and the image has no health check either");
        return new HealthCheck(
            test,
            First(asked?.Interval, known?.Interval, DefaultSpan),
            First(asked?.Timeout, known?.Timeout, DefaultSpan),
            First(asked?.StartPeriod, known?.StartPeriod, TimeSpan.Zero),
            asked is { Retries: > 0 } ? asked.Retries : known is { Retries: > 0 } ? known.Retries : DefaultRetries)
        {
            Shell = asked is { Test.Count: > 0 } ? asked.Shell : known is { Shell: true },
            StartInterval = First(asked?.StartInterval, known?.StartInterval, DefaultStartInterval),
        };
    }

    private static TimeSpan First(TimeSpan? asked, TimeSpan? image, TimeSpan otherwise) =>
        asked > TimeSpan.Zero ? asked.Value : image > TimeSpan.Zero ? image.Value : otherwise;
}

/// <summary>One run of a check.</summary>
/// <param name="StartedAt">Nanoseconds since the epoch, as <paramref name="FinishedAt"/>.</param>
/// <param name="ExitCode">-1: it could not be run, or took too long.</param>
internal sealed record HealthProbe(long StartedAt, long FinishedAt, int ExitCode, ReadOnlyMemory<byte> Output);

/// <summary>The words for how a container is.</summary>
internal static class HealthWords
{
    public const string Starting = "starting";
    public const string Healthy = "healthy";
    public const string Unhealthy = "unhealthy";
}
