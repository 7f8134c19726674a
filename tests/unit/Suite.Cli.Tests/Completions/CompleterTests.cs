using Suite.Cli.Tests.Fakes;
using Suite.Container.V1;

namespace Suite.Cli.Tests.Completions;

/// <summary>What the shells' scripts are answered.</summary>
public sealed class CompleterTests
{
    [Fact]
    public async Task Commands_options_values_and_names_are_offered()
    {
        await using var machine = await FakeMachine.StartAsync();
        machine.Containers.All.Add(new ContainerInfo { Id = "1", Name = "web" });
        machine.Containers.All.Add(new ContainerInfo { Id = "2", Name = "worker" });
        machine.Network.All.Add(new() { Name = "bridge", Driver = "bridge" });
        machine.Images.All.Add(new() { Id = "sha256:1", Tags = { "docker.io/library/busybox:latest" } });

        Assert.Equal("unpause\nup\nupdate\n", await CompleteAsync("u"));
        Assert.Equal("create\n", await CompleteAsync("volume", "c"));
        Assert.Equal("rename\nrestart\nrm\nrun\n", await CompleteAsync("container", "r"));
        Assert.Equal("web\nworker\n", await CompleteAsync("container", "stop", "w"));
        Assert.Equal("--network=bridge\n", await CompleteAsync("run", "--network=b"));
        Assert.Equal("busybox:latest\nweb\nworker\n", await CompleteAsync("inspect", ""));
        Assert.Equal("web\nworker\n", await CompleteAsync("stop", "w"));
        Assert.Equal("worker\n", await CompleteAsync("stop", "-t", "5", "web", "wo"));
        Assert.Equal("busybox:latest\n", await CompleteAsync("run", "--rm", ""));
        Assert.Equal("", await CompleteAsync("run", "busybox", "w"));
        Assert.Equal("on-failure\n", await CompleteAsync("run", "--restart", "o"));
        Assert.Equal("--restart\n", await CompleteAsync("run", "--res"));
        // Names are those of the services that the line speaks of, whatever word says where they are.
        Assert.Equal("worker\n", await CompleteAsync("--run", machine.Folder.FullName, "stop", "wo"));
        Assert.Equal("", await CompleteAsync("--run", "run", "stop", "wo"));
        Assert.Equal("", await CompleteAsync("stop", "-H", "unix:///nowhere/runtime.sock", "wo"));

        async Task<string> CompleteAsync(params string[] words) =>
            string.Concat((await machine.RunAsync(["__complete", "--", .. words])).Output.Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(l => l.Split('\t')[0] + "\n"));
    }

    [Fact]
    public async Task Services_that_are_down_have_no_names()
    {
        await using var machine = FakeMachine.Down();
        var result = await machine.RunAsync("__complete", "--", "stop", "");
        Assert.Equal((0, "", ""), (result.ExitCode, result.Output, result.Error));
    }

    [Theory]
    [InlineData("bash", "complete -o default -F _suite suite")]
    [InlineData("zsh", "compdef _suite suite")]
    [InlineData("fish", "complete -c suite")]
    public async Task Each_shell_has_its_script(string shell, string line)
    {
        await using var machine = FakeMachine.Down();
        Assert.Contains(line, (await machine.RunAsync("completion", shell)).Output);
    }
}
