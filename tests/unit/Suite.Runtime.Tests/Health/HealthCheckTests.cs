using Suite.Linux.Errors;
using Suite.Runtime.Health;

namespace Suite.Runtime.Tests.Health;

public sealed class HealthCheckTests
{
    private static readonly HealthCheck OfImage = new(["check"], Seconds(1), Seconds(2), Seconds(3), 4) { StartInterval = Seconds(5) };
    private static readonly HealthCheck Nothing = new([], default, default, default, 0);

    [Fact]
    public void The_request_rules_and_the_image_says_the_rest()
    {
        Same(OfImage, HealthCheck.Effective(null, OfImage));
        Same(OfImage with { Interval = Seconds(9) }, HealthCheck.Effective(Nothing with { Interval = Seconds(9) }, OfImage));
        Same(OfImage with { Test = ["own"], Retries = 7 }, HealthCheck.Effective(Nothing with { Test = ["own"], Retries = 7 }, OfImage));
        Same(new HealthCheck(["own"], Seconds(30), Seconds(30), default, 3) { StartInterval = Seconds(5) }, HealthCheck.Effective(Nothing with { Test = ["own"] }, null));
    }

    [Fact]
    public void There_is_none_where_nobody_says_one_or_somebody_says_none()
    {
        Assert.Null(HealthCheck.Effective(null, null));
        Assert.Null(HealthCheck.Effective(null, Nothing with { None = true }));
        Assert.Null(HealthCheck.Effective(Nothing with { None = true }, OfImage));
    }

    [Fact]
    public void Spans_without_a_check_are_a_mistake() =>
        Assert.StartsWith("spec.health.test", Assert.Throws<SuiteException>(() => HealthCheck.Effective(Nothing with { Retries = 1 }, Nothing with { None = true })).Message);

    [Fact]
    public void Five_runs_are_kept_and_no_more_than_4_KiB_of_each()
    {
        var history = HealthHistory.None;
        for (var i = 0; i < 7; i++)
            history = history.With(new HealthProbe(i, i, 1, new byte[5000]), (uint)i + 1);
        Assert.Equal([2, 3, 4, 5, 6], history.Probes.Select(p => p.StartedAt));
        Assert.All(history.Probes, p => Assert.Equal(4096, p.Output.Length));
        Assert.Equal(7u, history.Failures);
    }

    private static void Same(HealthCheck expected, HealthCheck? actual)
    {
        Assert.Equal(expected.Test, actual!.Test);
        Assert.Equal(expected with { Test = actual.Test }, actual);
    }

    private static TimeSpan Seconds(int seconds) => TimeSpan.FromSeconds(seconds);
}
