using Suite.Cli.Output;
using Suite.Cli.Tests.Fakes;
using Suite.Container.V1;

namespace Suite.Cli.Tests.Commands;

/// <summary>ps with filters and formats.</summary>
public sealed class ContainerListTests
{
    [Theory]
    [InlineData("web\nbatch\n")]
    [InlineData("web\n", "--filter", "status=running")]
    [InlineData("old\n", "--filter", "exited=3")]
    [InlineData("batch\n", "--filter", "label=tier=back")]
    [InlineData("batch\nold\n", "-a", "--filter", "before=web")]
    [InlineData("web\n", "--filter", "publish=8080")]
    [InlineData("web\n", "--filter", "volume=data")]
    [InlineData("web\n", "--filter", "ancestor=busybox")]
    [InlineData("web\n", "-l")]
    [InlineData("batch\n", "--filter", "name=atc")]
    [InlineData("web\n", "--filter", "name=^web$")]
    [InlineData("web\n", "--filter", "name=^/web$")]
    [InlineData("web\nbatch\n", "--filter", "name=^(web|ba.*)$")]
    [InlineData("", "--filter", "name=^eb")]
    [InlineData("", "--filter", "name=we(")]
    public async Task Filters_choose(string names, params string[] options)
    {
        await using var machine = await MachineAsync();
        Assert.Equal(names, (await machine.RunAsync(["ps", "--format", "{{.Names}}", .. options])).Output);
    }

    [Fact]
    public async Task Formats_are_templates_tables_and_json()
    {
        await using var machine = await MachineAsync();
        Assert.Equal("web Up 2 minutes (healthy)\nbatch Up 2 minutes (Paused)\n", (await machine.RunAsync("ps", "--format", "{{.Names}} {{.Status}}")).Output);
        Assert.Equal("NAMES   IMAGE\nweb     busybox\nbatch   other\n", (await machine.RunAsync("ps", "--format", "table {{.Names}}\\t{{.Image}}")).Output);
        Assert.StartsWith("""{"ID":"0123456789ab","Image":"busybox",""", (await machine.RunAsync("ps", "--format", "json")).Output);
        var wrong = await machine.RunAsync("ps", "--filter", "color=red");
        Assert.Equal(1, wrong.ExitCode);
        Assert.Contains("with a name of ancestor", wrong.Error);
    }

    [Fact]
    public async Task An_inspected_container_has_the_name_that_scripts_cut_a_slash_off()
    {
        await using var machine = await MachineAsync();
        Assert.Equal("/web web\n", (await machine.RunAsync("inspect", "-f", "{{.Name}} {{slice .Name 1}}", "web")).Output);
    }

    private static async Task<FakeMachine> MachineAsync()
    {
        var machine = await FakeMachine.StartAsync();
        machine.Containers.All.Add(new ContainerInfo
        {
            Id = FakeContainers.Id, Name = "web", Image = "busybox", State = State.Running, CreatedAt = Ago(120), StartedAt = Ago(120), Health = "healthy",
            Mounts = { "data" }, Ports = { new PortMapping { ContainerPort = 80, HostPort = 8080, Protocol = "tcp" } },
        });
        machine.Containers.All.Add(new ContainerInfo
        {
            Id = "2222", Name = "batch", Image = "other", State = State.Paused, CreatedAt = Ago(150), StartedAt = Ago(120), Labels = { ["tier"] = "back" },
        });
        machine.Containers.All.Add(new ContainerInfo { Id = "3333", Name = "old", Image = "other", State = State.Exited, ExitCode = 3, CreatedAt = Ago(200), FinishedAt = Ago(60) });
        return machine;
    }

    private static long Ago(double seconds) => Timestamps.ToNanoseconds(FakeMachine.Now.AddSeconds(-seconds));
}
