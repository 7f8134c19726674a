namespace Suite.Registry.Tests;

/// <summary>Time that goes on only when a test says so.</summary>
internal sealed class SteppedTime : TimeProvider
{
    private DateTimeOffset _now = Start;

    private static readonly DateTimeOffset Start = new(2030, 1, 1, 0, 0, 0, TimeSpan.Zero);

    public override long TimestampFrequency => TimeSpan.TicksPerSecond;

    public override DateTimeOffset GetUtcNow() => _now;

    public override long GetTimestamp() => _now.Ticks;

    public void Advance(TimeSpan step) => _now += step;
}
