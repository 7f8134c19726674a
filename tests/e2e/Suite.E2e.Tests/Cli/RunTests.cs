using Suite.Testing.Requirements;

namespace Suite.E2e.Tests.Cli;

public sealed class RunTests(BusyboxInstance instance) : IClassFixture<BusyboxInstance>
{
    private const Need Needs = Need.Executables | Need.Busybox;

    private readonly CliProcess _cli = instance.Cli;

    [RootFact(Needs = Needs)]
    public async Task The_exit_code_is_the_containers_own()
    {
        var result = await _cli.RunAsync("run", "--rm", "busybox", "sh", "-c", "echo out; echo err >&2; exit 42");

        Assert.Equal(new CliResult(42, "out\n", "err\n"), result);
    }

    [RootFact(Needs = Needs)]
    public async Task Input_goes_in_and_megabytes_come_out_whole()
    {
        var text = string.Concat(Enumerable.Range(0, 100_000).Select(i => $"line {i}\n"));

        var result = await _cli.RunWithInputAsync(text, "run", "--rm", "-i", "busybox", "cat");

        Assert.True(text == result.Output, $"{result.Output.Length} of {text.Length} characters came back; {result.Error}");
    }

    [RootFact(Needs = Needs)]
    public async Task A_signal_to_the_client_reaches_the_container()
    {
        using var process = _cli.Start("run", "--rm", "busybox", "sh", "-c", "trap 'echo bye; exit 7' TERM; echo ready; while :; do sleep 0.1; done");
        Assert.Equal("ready", await process.StandardOutput.ReadLineAsync(TestContext.Current.CancellationToken));

        Linux.Processes.ProcessSignals.Send(process.Id, Linux.Processes.ProcessSignals.SIGTERM);
        var result = await CliProcess.EndOfAsync(process);

        Assert.Equal((7, "bye\n"), (result.ExitCode, result.Output));
    }

    [RootFact(Needs = Needs)]
    public async Task What_was_asked_for_is_what_the_container_has()
    {
        var result = await _cli.RunAsync(
            "run", "--rm", "-e", "A=1", "-w", "/www", "-h", "box", "-u", "65534:65534", "--read-only", "busybox",
            "sh", "-c", "echo $A; pwd; hostname; id -u; touch /x || echo read-only");

        Assert.Equal("1\n/www\nbox\n65534\nread-only\n", result.Output);
    }

    [RootFact(Needs = Needs)]
    public async Task A_stopped_container_is_137_and_can_be_started_again()
    {
        _ = (await _cli.RunAsync("run", "-d", "--name", "sleeper", "busybox", "sleep", "1000")).Good;
        _ = (await _cli.RunAsync("stop", "-t", "0", "sleeper")).Good;
        Assert.Equal("137", (await _cli.RunAsync("wait", "sleeper")).Good);

        Assert.Equal("sleeper", (await _cli.RunAsync("start", "sleeper")).Good);
        Assert.Equal("true", (await _cli.RunAsync("inspect", "-f", "{{.State.Running}}", "sleeper")).Good);
        Assert.Equal("sleeper", (await _cli.RunAsync("rm", "-f", "sleeper")).Good);
    }

    [RootFact(Needs = Needs)]
    public async Task Exec_has_the_exit_code_of_its_command()
    {
        _ = (await _cli.RunAsync("run", "-d", "--name", "host", "busybox", "sleep", "1000")).Good;

        Assert.Equal(new CliResult(9, "in\n", ""), await _cli.RunWithInputAsync("in\n", "exec", "-i", "host", "sh", "-c", "cat; exit 9"));
        Assert.Equal(127, (await _cli.RunAsync("exec", "host", "nosuchcommand")).ExitCode);
        Assert.Equal(126, (await _cli.RunAsync("exec", "host", "/etc/notes")).ExitCode);
        _ = (await _cli.RunAsync("rm", "-f", "host")).Good;
    }
}
