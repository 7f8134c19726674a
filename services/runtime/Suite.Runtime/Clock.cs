namespace Suite.Runtime;

/// <summary>Time as CRI counts it.</summary>
internal static class Clock
{
    public static long NowNanoseconds(this TimeProvider time) => time.GetUtcNow().ToNanoseconds();

    public static long ToNanoseconds(this DateTimeOffset moment) => (moment - DateTimeOffset.UnixEpoch).Ticks * 100;
}
