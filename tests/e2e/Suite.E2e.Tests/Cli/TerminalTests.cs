using System.Diagnostics;
using Suite.Testing.Files;
using Suite.Testing.Requirements;

namespace Suite.E2e.Tests.Cli;

/// <summary>The CLI in a pseudo-terminal, which script(1) provides.</summary>
public sealed class TerminalTests(BusyboxInstance instance) : IClassFixture<BusyboxInstance>
{
    private const Need Needs = Need.Executables | Need.Busybox;

    [RootFact(Needs = Needs)]
    public async Task A_container_has_a_terminal_of_the_same_size_and_ours_is_as_before()
    {
        var output = await InTerminalAsync(
            "stty rows 33 cols 111; before=$(stty -g); suite run --rm -it busybox sh -c 'tty; stty size; exit 5'; echo code=$?; "
            + "[ \"$before\" = \"$(stty -g)\" ] && echo restored");

        Assert.Contains("/dev/pts/0", output);
        Assert.Contains("33 111", output);
        Assert.Contains("code=5", output);
        Assert.Contains("restored", output);
    }

    [RootFact(Needs = Needs)]
    public async Task Control_C_is_the_containers_to_deal_with()
    {
        var output = await InTerminalAsync("suite run --rm -it busybox sh -c 'trap \"echo caught; exit 6\" INT; echo ready; read x'; echo code=$?", "\u0003");

        Assert.Contains("caught", output);
        Assert.Contains("code=6", output);
    }

    [RootFact(Needs = Needs)]
    public async Task Exec_has_a_terminal_too()
    {
        _ = (await instance.Cli.RunAsync("run", "-d", "--name", "tty", "busybox", "sleep", "1000")).Good;

        var output = await InTerminalAsync("suite exec -it tty sh -c 'tty; read x; echo got $x'", "keys\r");
        _ = (await instance.Cli.RunAsync("rm", "-f", "tty")).Good;

        Assert.Contains("/dev/pts/", output);
        Assert.Contains("got keys", output);
    }

    [RootFact(Needs = Needs)]
    public async Task The_detach_keys_leave_a_container_that_goes_on()
    {
        _ = (await instance.Cli.RunAsync("run", "-d", "-it", "--name", "left", "busybox", "sh", "-c", "while :; do echo ready; sleep 0.1; done")).Good;

        var output = await InTerminalAsync("suite attach left; echo code=$?; suite ps --format '{{.Names}} {{.State}}'", "\u0010\u0011");
        _ = (await instance.Cli.RunAsync("rm", "-f", "left")).Good;

        Assert.Contains("code=0", output);
        Assert.Contains("left running", output);
    }

    [RootFact(Needs = Needs)]
    public async Task Tables_fit_the_window()
    {
        _ = (await instance.Cli.RunAsync("create", "--name", "a-container-with-a-rather-long-name", "busybox", "a", "long", "command")).Good;

        var output = await InTerminalAsync("stty rows 24 cols 60; suite ps -a");
        _ = (await instance.Cli.RunAsync("rm", "a-container-with-a-rather-long-name")).Good;

        Assert.All(output.Split('\n'), line => Assert.InRange(line.TrimEnd('\r').Length, 0, 60));
        // At this width the longer headings are cut as well.
        Assert.Contains("STATUS", output);
    }

    [RootFact(Needs = Needs)]
    public async Task A_reader_that_goes_away_ends_the_command_quietly_and_a_full_disk_is_told()
    {
        var output = await InTerminalAsync("{ sleep 0.2; suite ps; echo code=$? >&2; } | true; suite ps > /dev/full; echo code=$?");

        Assert.Contains("code=141", output);
        Assert.Contains("suite: write to standard output: no space left on device (ENOSPC)", output);
        Assert.Contains("code=1\r", output);
        Assert.Equal(1, output.Split("suite:").Length - 1);
    }

    [RootFact(Needs = Needs)]
    public async Task Help_and_version_that_cannot_be_written_are_no_success()
    {
        var output = await InTerminalAsync(
            "for words in --help --version 'ps --help' '--run /x --version'; do suite $words > /dev/full; echo code=$?; done; "
            + "{ sleep 0.2; suite --help; echo closed=$? >&2; } | true");

        Assert.Equal(4, output.Split("suite: write to standard output: no space left on device (ENOSPC)").Length - 1);
        Assert.Equal(4, output.Split("code=1\r").Length - 1);
        Assert.Contains("closed=141", output);
    }

    /// <param name="keys">Typed once something has been printed.</param>
    private async Task<string> InTerminalAsync(string commands, string keys = "")
    {
        // -e: the exit code of the command; -f: write at once; the typescript itself goes nowhere.
        var start = new ProcessStartInfo("script", ["-q", "-e", "-f", "-c", commands, "/dev/null"])
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
        };
        start.Environment["SUITE_RUN"] = instance.Suite.Run;
        start.Environment["PATH"] = $"{TestPaths.Bin}:{Environment.GetEnvironmentVariable("PATH")}";
        using var process = Process.Start(start)!;
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(TestContext.Current.CancellationToken);
        limit.CancelAfter(TimeSpan.FromSeconds(30));
        try
        {
            var first = "";
            if (keys.Length > 0)
            {
                first = await process.StandardOutput.ReadLineAsync(limit.Token) + "\n";
                await process.StandardInput.WriteAsync(keys);
                await process.StandardInput.FlushAsync(limit.Token);
            }

            var rest = await process.StandardOutput.ReadToEndAsync(limit.Token);
            await process.WaitForExitAsync(limit.Token);
            return first + rest;
        }
        finally
        {
            if (!process.HasExited)
                process.Kill(entireProcessTree: true);
        }
    }
}
