namespace Suite.Registry.Catalog;

internal static class UnixNanoseconds
{
    /// <summary>Nanoseconds since the epoch, in steps of 100.</summary>
    public static long ToUnixNanoseconds(this DateTimeOffset time) => (time - DateTimeOffset.UnixEpoch).Ticks * TimeSpan.NanosecondsPerTick;
}
