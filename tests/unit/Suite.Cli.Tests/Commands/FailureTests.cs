using System.Text;
using Suite.Cli.Output;
using Suite.Cli.Tests.Fakes;
using Suite.Linux.Errors;

namespace Suite.Cli.Tests.Commands;

/// <summary>One sentence, on the error stream, with what to do.</summary>
public sealed class FailureTests
{
    [Theory]
    [InlineData(1, "ps")]
    [InlineData(1, "inspect", "x")]
    [InlineData(1, "rm", "a", "b")]
    [InlineData(125, "run", "busybox")]
    [InlineData(125, "create", "busybox")]
    [InlineData(1, "exec", "c", "id")]
    [InlineData(1, "logs", "c")]
    public async Task A_service_that_is_down_is_named_with_the_remedy(int exitCode, params string[] args)
    {
        await using var machine = FakeMachine.Down();

        var result = await machine.RunAsync(args);

        var socket = machine.Folder.Path("runtime.sock");
        Assert.Equal(
            new CliResult(exitCode, "", $"suite: cannot connect to suite-runtime: there is no socket {socket}; start the services with \"suite up\"\n"),
            result);
    }

    [Fact]
    public async Task A_socket_without_a_listener_is_told_from_no_socket()
    {
        await using var machine = FakeMachine.Down();
        // connect(2) gives ECONNREFUSED for any file without a listener, as for the socket that a killed service leaves.
        machine.Folder.File("runtime.sock", "");

        var result = await machine.RunAsync("ps");

        Assert.Contains("nobody listens there; start the services with \"suite up\"", result.Error);
    }

    [Fact]
    public async Task Help_can_be_asked_for_in_two_ways()
    {
        await using var machine = FakeMachine.Down();
        Assert.Equal((await machine.RunAsync("ps", "--help")).Output, (await machine.RunWithoutFolderAsync("help", "ps")).Output);
        Assert.StartsWith("Usage:  suite [OPTIONS] COMMAND", (await machine.RunWithoutFolderAsync("help")).Output);
        Assert.StartsWith("Usage:  suite container ls", (await machine.RunWithoutFolderAsync("help", "container", "ls")).Output);
    }

    [Theory]
    [InlineData(1, "suite: \"bogus\" is not a command; see \"suite --help\"", "bogus")]
    [InlineData(125, "suite: ps: there is no option --bogus; see \"suite ps --help\"", "ps", "--bogus")]
    [InlineData(125, "suite: ps: one argument too many: \"x\"; see \"suite ps --help\"", "ps", "x")]
    [InlineData(125, "suite: run: there is no option --nosuch; see \"suite run --help\"", "run", "--nosuch", "busybox")]
    [InlineData(125, "suite: run: there is no option --nosuch; see \"suite run --help\"", "run", "-it", "--nosuch=1", "busybox")]
    [InlineData(125, "suite: run: there is no option -y; see \"suite run --help\"", "run", "-ity", "busybox")]
    [InlineData(125, "suite: container exec: there is no option -z; see \"suite container exec --help\"", "container", "exec", "-z", "web", "id")]
    [InlineData(125, "suite: run: IMAGE is missing; see \"suite run --help\"", "run")]
    [InlineData(125, "suite: stop: option --timeout needs a value; see \"suite stop --help\"", "stop", "c", "-t")]
    [InlineData(125, "suite: completion: \"ksh\" is none of bash, zsh, fish; see \"suite completion --help\"", "completion", "ksh")]
    [InlineData(125, "suite: run: option --pull: \"soon\" is none of missing, always, never; see \"suite run --help\"", "run", "--pull", "soon", "busybox")]
    [InlineData(1, "suite: a command is missing; see \"suite --help\"")]
    [InlineData(125, "suite: cannot publish \"0:80\": \"0\" is not a port from 1 to 65535; write [[ADDRESS:]HOSTPORT:]PORT[/PROTOCOL], for example 8080:80", "run", "-p", "0:80", "busybox")]
    public async Task A_wrong_call_is_explained(int exitCode, string sentence, params string[] args)
    {
        await using var machine = FakeMachine.Down();

        Assert.Equal(new CliResult(exitCode, "", sentence + "\n"), await machine.RunAsync(args));
    }

    [Theory]
    [InlineData(ErrnoNames.ENOSPC, 1, "suite: write: no space left on device (ENOSPC)\n", "--help")]
    [InlineData(ErrnoNames.ENOSPC, 1, "suite: write: no space left on device (ENOSPC)\n", "ps", "--help")]
    [InlineData(ErrnoNames.ENOSPC, 1, "suite: write: no space left on device (ENOSPC)\n", "--version")]
    [InlineData(ErrnoNames.EPIPE, 141, "", "--help")]
    public async Task Output_that_cannot_be_written_is_no_success(int errno, int exitCode, string sentence, params string[] args)
    {
        using var error = new MemoryStream();
        await using var session = new Session(new StandardStreams(Stream.Null, new FailingStream(errno), error), _ => null, TimeProvider.System);

        Assert.Equal(exitCode, await CommandLine.RunAsync(args, session));
        Assert.Equal(sentence, Encoding.UTF8.GetString(error.ToArray()));
    }

    [Fact]
    public async Task Of_several_names_one_that_fails_does_not_stop_the_others()
    {
        await using var machine = await FakeMachine.StartAsync();
        machine.Containers.All.AddRange([new() { Name = "a" }, new() { Name = "c" }]);

        var result = await machine.RunAsync("stop", "-t", "3", "a", "b", "c");

        Assert.Equal(new CliResult(1, "a\nc\n", "suite: there is no container b\n"), result);
        Assert.Equal(["stop a 3", "stop b 3", "stop c 3"], machine.Containers.Calls);
    }

    [Fact]
    public async Task A_command_that_exec_does_not_find_is_127_and_a_container_that_is_not_there_is_1()
    {
        await using var machine = await FakeMachine.StartAsync();
        machine.Containers.All.Add(new() { Name = "web" });

        Assert.Equal(new CliResult(127, "", "suite: there is no command nope in container web\n"), await machine.RunAsync("exec", "web", "nope"));
        Assert.Equal(new CliResult(1, "", "suite: there is no container db\n"), await machine.RunAsync("exec", "db", "id"));
        Assert.Equal(new CliResult(0, "id -u\n", ""), await machine.RunAsync("exec", "web", "id", "-u"));
    }

    [Fact]
    public async Task Services_that_are_not_built_are_named()
    {
        await using var machine = FakeMachine.Down();

        var result = await machine.RunAsync("up", "--root", machine.Folder.Path("root"));

        Assert.Equal(1, result.ExitCode);
        Assert.Matches("^suite: cannot start the services: .* has no suite-registry, no suite-image, no suite-network, no suite-runtime; ", result.Error);
    }

    [Fact]
    public async Task Down_without_services_is_no_error()
    {
        await using var machine = FakeMachine.Down();

        Assert.Equal(new CliResult(0, "", $"No service runs in {machine.Folder.FullName}\n"), await machine.RunAsync("down"));
        Assert.Equal(1, (await machine.RunAsync("down", "--all")).ExitCode);
    }

    private sealed class FailingStream(int errno) : MemoryStream
    {
        public override void Write(byte[] buffer, int offset, int count) => throw new ErrnoException("write", errno);

        public override void Write(ReadOnlySpan<byte> buffer) => throw new ErrnoException("write", errno);
    }
}
