using Suite.Cli.Tests.Fakes;
using Suite.Testing.Files;

namespace Suite.Cli.Tests.Commands;

/// <summary>Options that come from ~/.config/suite/cli.json or the machine's file.</summary>
public sealed class OptionsFileTests
{
    [Fact]
    public async Task What_is_on_the_line_rules_over_the_persons_file_and_that_over_the_machines()
    {
        await using var machine = await FakeMachine.StartAsync();
        machine.Environment["HOME"] = machine.Folder.Folder("home");
        machine.Environment["SUITE_CONFIG"] = machine.Folder.Folder("etc");
        machine.Folder.File("home/.config/suite/cli.json", """
            {
              // Notes are allowed.
              "commands": { "run": { "rm": true, "memory": "64m", "env": ["TZ=UTC", "A=1"], "pids-limit": 7 } },
            }
            """);
        machine.Folder.File("etc/cli.json", """{ "commands": { "run": { "memory": "1g", "label": ["from=machine"] } } }""");

        await machine.RunAsync("run", "-d", "-e", "B=2", "busybox", "--rm");

        var spec = machine.Containers.Spec!;
        Assert.True(spec.AutoRemove);
        Assert.Equal((64 << 20, 7), (spec.Resources.MemoryBytes, spec.Resources.Pids));
        Assert.Equal("machine", spec.Labels["from"]);
        Assert.Equal(["B=2"], spec.Env);
        Assert.Equal(["--rm"], spec.Command);
    }

    [Fact]
    public async Task A_flag_of_the_file_can_be_said_no_to_and_both_names_of_a_command_have_the_same()
    {
        await using var machine = await FakeMachine.StartAsync();
        machine.Environment["SUITE_OPTIONS"] = machine.Folder.File("own.json", """{ "commands": { "run": { "rm": true }, "ps": { "format": "{{.Names}}" } } }""");
        machine.Containers.All.Add(new() { Id = "1", Name = "web", State = Container.V1.State.Running });

        await machine.RunAsync("run", "-d", "--rm=false", "busybox");
        Assert.False(machine.Containers.Spec!.AutoRemove);
        await machine.RunAsync("container", "create", "busybox");
        Assert.False(machine.Containers.Spec!.AutoRemove);
        Assert.Equal("web\n", (await machine.RunAsync("container", "ls")).Output);
        Assert.Equal("web\n", (await machine.RunAsync("ps")).Output);
    }

    [Fact]
    public async Task The_endpoint_can_come_from_the_file_and_is_the_last_to_be_asked()
    {
        await using var machine = await FakeMachine.StartAsync();
        machine.Environment["SUITE_OPTIONS"] = machine.Folder.File("own.json", """{ "host": "unix:///nowhere/runtime.sock" }""");

        // FakeMachine says --run, and a line that says where the services are does not look any further.
        Assert.Equal(0, (await machine.RunAsync("ps")).ExitCode);
        Assert.Contains("/nowhere/runtime.sock", (await machine.RunWithoutFolderAsync("ps")).Error);
        machine.Environment["SUITE_RUN"] = machine.Folder.FullName;
        Assert.Equal(0, (await machine.RunWithoutFolderAsync("ps")).ExitCode);
    }

    [Theory]
    [InlineData("{", "cannot read the options in ")]
    [InlineData("[]", "it is not an object")]
    [InlineData("""{ "colour": "red" }""", "\"colour\" is no option of every command")]
    [InlineData("""{ "commands": { "ps": { "colour": "red" } } }""", "suite ps has no option --colour")]
    [InlineData("""{ "commands": { "ps": { "all": "yes" } } }""", "\"all\" is true or false")]
    [InlineData("""{ "commands": { "ps": [] } }""", "\"ps\" must be an object with options")]
    [InlineData("""{ "commands": { "ps": { "format": {} } } }""", "the value of \"format\" must be a text or a number")]
    public async Task A_file_that_is_wrong_is_named_with_what_is_wrong(string text, string reason)
    {
        await using var machine = await FakeMachine.StartAsync();
        var file = machine.Folder.File("own.json", text);

        var result = await machine.RunAsync("--options", file, "ps");

        Assert.Equal((125, ""), (result.ExitCode, result.Output));
        Assert.Contains(file, result.Error);
        Assert.Contains(reason, result.Error);
    }

    [Fact]
    public async Task The_file_that_comes_along_changes_nothing_and_its_examples_are_true()
    {
        await using var machine = await FakeMachine.StartAsync();
        var shipped = Path.Combine(TestPaths.RepositoryRoot, "deploy", "config", "cli.json");
        Assert.Equal(await machine.RunAsync("ps"), await machine.RunAsync("--options", shipped, "ps"));

        var examples = string.Join('\n', File.ReadLines(shipped).Where(l => l.StartsWith("  //   \"", StringComparison.Ordinal)).Skip(1).Select(l => l[4..]));
        machine.Environment["SUITE_OPTIONS"] = machine.Folder.File("own.json", $$"""{ "commands": { {{examples}} } }""");
        Assert.Equal(0, (await machine.RunAsync("run", "-d", "busybox")).ExitCode);
        Assert.True(machine.Containers.Spec!.Init);
        Assert.Equal("NAMES   STATUS\n", (await machine.RunAsync("ps")).Output);
        Assert.Equal("data\nspare\n", (await machine.RunAsync("volume", "ls")).Output);
    }

    [Fact]
    public async Task A_file_that_is_named_and_missing_is_a_mistake()
    {
        await using var machine = await FakeMachine.StartAsync();
        Assert.Contains("/no/such/file", (await machine.RunAsync("--options", "/no/such/file", "ps")).Error);
    }
}
