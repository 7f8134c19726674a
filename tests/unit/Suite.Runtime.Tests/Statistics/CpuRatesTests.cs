using Suite.Runtime.Statistics;

namespace Suite.Runtime.Tests.Statistics;

public sealed class CpuRatesTests
{
    private const long Second = 1_000_000_000;

    private readonly CpuRates _rates = new();

    [Fact]
    public void A_rate_needs_two_looks_a_second_apart()
    {
        Assert.Null(_rates.Next("c", 0, 100));
        Assert.Null(_rates.Next("c", Second / 2, 200));
        // Half of one CPU over two seconds.
        Assert.Equal(500_000_000UL, _rates.Next("c", 2 * Second, 1_000_000_100));
        // Too soon for another: the last is told.
        Assert.Equal(500_000_000UL, _rates.Next("c", 2 * Second + 1, 2_000_000_000));
    }

    [Fact]
    public void A_container_started_again_begins_anew()
    {
        _rates.Next("c", 0, 100);
        Assert.Null(_rates.Next("c", 5 * Second, 50));
        Assert.Equal(10UL, _rates.Next("c", 6 * Second, 60));
        _rates.Forget("c");
        Assert.Null(_rates.Next("c", 9 * Second, 600));
    }
}
