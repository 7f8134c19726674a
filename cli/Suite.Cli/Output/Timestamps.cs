using System.Globalization;

namespace Suite.Cli.Output;

/// <summary>Nanoseconds since the epoch, as the contracts carry them, and RFC 3339, as people read and write them.</summary>
internal static class Timestamps
{
    private const long NanosecondsPerTick = 100;

    public static DateTimeOffset FromNanoseconds(long nanoseconds) =>
        DateTimeOffset.UnixEpoch.AddTicks(nanoseconds / NanosecondsPerTick);

    /// <exception cref="OverflowException">Before 1677 or after 2262.</exception>
    public static long ToNanoseconds(DateTimeOffset time) => checked((time - DateTimeOffset.UnixEpoch).Ticks * NanosecondsPerTick);

    /// <summary>Always nine digits behind the point, so that lines align and sort.</summary>
    public static string Rfc3339(long nanoseconds)
    {
        if (nanoseconds <= 0)
            return "0001-01-01T00:00:00Z";
        var seconds = FromNanoseconds(nanoseconds).ToString("yyyy-MM-dd'T'HH:mm:ss", CultureInfo.InvariantCulture);
        return string.Create(CultureInfo.InvariantCulture, $"{seconds}.{nanoseconds % 1_000_000_000:D9}Z");
    }
}
