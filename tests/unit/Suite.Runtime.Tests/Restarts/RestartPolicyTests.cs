using Suite.Runtime.Restarts;

namespace Suite.Runtime.Tests.Restarts;

public sealed class RestartPolicyTests
{
    [Theory]
    [InlineData("No", 0u, 1, false, 0u, false, false)]
    [InlineData("OnFailure", 0u, 0, false, 0u, false, false)]
    [InlineData("OnFailure", 0u, 1, false, 99u, true, true)]
    [InlineData("OnFailure", 2u, 1, false, 1u, true, true)]
    [InlineData("OnFailure", 2u, 1, false, 2u, false, false)]
    [InlineData("OnFailure", 0u, 1, true, 0u, false, false)]
    [InlineData("Always", 0u, 0, false, 0u, true, true)]
    [InlineData("Always", 0u, 0, true, 0u, false, true)]
    [InlineData("UnlessStopped", 0u, 0, false, 0u, true, true)]
    [InlineData("UnlessStopped", 0u, 0, true, 0u, false, false)]
    public void When_it_is_started_again(string mode, uint retries, int exitCode, bool stopped, uint restarts, bool afterEnd, bool atStart)
    {
        var policy = new RestartPolicy(Enum.Parse<RestartMode>(mode), retries);
        Assert.Equal((afterEnd, atStart), (policy.AppliesAfter(exitCode, stopped, restarts), policy.AppliesAtStart(exitCode, stopped, restarts)));
    }

    [Theory]
    [InlineData(0, 100)]
    [InlineData(3, 800)]
    [InlineData(9, 51_200)]
    [InlineData(10, 60_000)]
    [InlineData(4_000_000, 60_000)]
    public void The_pause_doubles_up_to_a_minute(uint restarts, int milliseconds) =>
        Assert.Equal(TimeSpan.FromMilliseconds(milliseconds), RestartPolicy.PauseAfter(restarts));
}
