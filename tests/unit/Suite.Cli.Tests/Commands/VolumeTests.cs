using Suite.Cli.Tests.Fakes;

namespace Suite.Cli.Tests.Commands;

public sealed class VolumeTests
{
    [Theory]
    [InlineData("DRIVER   VOLUME NAME\nlocal    data\nlocal    spare\n")]
    [InlineData("spare\n", "-q", "--filter", "dangling=true")]
    [InlineData("data\n", "-q", "--filter", "label=tier=back")]
    [InlineData("data tier=back\nspare \n", "--format", "{{.Name}} {{.Labels}}")]
    public async Task Lists_filter_and_format(string output, params string[] options)
    {
        await using var machine = await FakeMachine.StartAsync();
        Assert.Equal(output, (await machine.RunAsync(["volume", "ls", .. options])).Output);
    }

    [Fact]
    public async Task A_prune_asks_first_and_takes_no_for_an_answer()
    {
        await using var machine = await FakeMachine.StartAsync();
        var result = await machine.RunWithInputAsync("n\n", "volume", "prune");
        Assert.Equal((1, ""), (result.ExitCode, result.Output));
        Assert.Contains("[y/N]", result.Error);
        Assert.Contains("nobody is there to answer; add --force", (await machine.RunAsync("volume", "prune")).Error);
    }
}
