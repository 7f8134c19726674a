using System.Diagnostics;
using Suite.Linux.Processes;
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
    public async Task A_program_finds_the_size_at_its_first_look()
    {
        _ = (await instance.Cli.RunAsync("run", "-d", "--name", "sized", "busybox", "sleep", "1000")).Good;

        var output = await InTerminalAsync("stty rows 33 cols 111; for i in 1 2 3 4 5 6 7 8; do suite run --rm -it busybox stty size; suite exec -it sized stty size; done");
        _ = (await instance.Cli.RunAsync("rm", "-f", "sized")).Good;

        Assert.Equal(16, output.Split('\n').Count(line => line.Trim() == "33 111"));
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
    public async Task A_window_that_changes_its_size_changes_the_containers()
    {
        await using var terminal = PseudoTerminal.Start(instance.Suite.Run, "tty; stty rows 30 cols 90; suite run --rm -it busybox sh");
        var line = (await terminal.ExpectAsync("\n")).Trim();
        await terminal.ExpectAsync("/ # ");
        Assert.Contains("30 90", await terminal.SayAsync("stty size"));

        // As a window manager does it: the kernel tells the foreground.
        using var stty = Process.Start("stty", ["-F", line, "rows", "50", "cols", "132"]);
        await stty.WaitForExitAsync(TestContext.Current.CancellationToken);

        await terminal.TypeAsync("until [ \"$(stty size)\" = \"50 132\" ]; do sleep 0.05; done; echo \"gr\"own\n");
        await terminal.ExpectAsync("grown");
        await terminal.TypeAsync("exit 4\n");
        Assert.Equal(4, await terminal.EndAsync());
    }

    [RootTheory(Needs = Needs)]
    [InlineData(ProcessSignals.SIGTERM)]
    [InlineData(1)]
    [InlineData(2)]
    public async Task A_client_that_is_ended_by_a_signal_leaves_the_terminal_as_it_was(int signal)
    {
        await using var terminal = PseudoTerminal.Start(
            instance.Suite.Run, "before=$(stty -g); suite run --rm -it --name ended busybox sh; echo code=$?; [ \"$before\" = \"$(stty -g)\" ] && echo as before");
        await terminal.ExpectAsync("/ # ");
        terminal.Signal("suite", signal);

        await terminal.ExpectAsync($"code={128 + signal}");
        await terminal.ExpectAsync("as before");
        _ = await instance.Cli.RunAsync("rm", "-f", "ended");
    }

    [RootFact(Needs = Needs)]
    public async Task After_kill_9_the_shell_has_its_terminal_back()
    {
        await using var terminal = PseudoTerminal.Start(instance.Suite.Run, "bash --norc --noprofile -i");
        await terminal.SayAsync("PS1='$ '");
        var before = Settings(await terminal.SayAsync("stty -g"));
        await terminal.TypeAsync("suite run --rm -it --name killed busybox sh\n");
        await terminal.ExpectAsync("/ # ");
        terminal.Signal("suite", ProcessSignals.SIGKILL);
        await terminal.ExpectAsync("Killed");

        Assert.Equal(before, Settings(await terminal.SayAsync("stty -g")));
        Assert.Contains("killed", await terminal.SayAsync("suite rm -f killed"));

        static string Settings(string said) => said.Split('\n').Last(l => l.Count(c => c == ':') > 10).Trim();
    }

    [RootFact(Needs = Needs)]
    public async Task The_keys_to_leave_by_can_be_chosen()
    {
        await using var terminal = PseudoTerminal.Start(instance.Suite.Run, "sh");
        await terminal.NameAsync();
        await terminal.TypeAsync("suite run -it --detach-keys x,ctrl-k --name chosen busybox sh\n");
        await terminal.ExpectAsync("/ # ");
        // The beginning of them alone is input.
        Assert.Contains("xyz", await terminal.SayAsync("echo xyz"));
        await terminal.LeaveAsync("x\u000b");
        Assert.Contains("Up ", await terminal.SayAsync("suite ps -f name=chosen"));
        Assert.Contains("no key", await terminal.SayAsync("suite attach --detach-keys ctrl-1 chosen"));
        Assert.Contains("chosen", await terminal.SayAsync("suite rm -f chosen"));
    }

    [RootFact(Needs = Needs)]
    public async Task A_command_that_is_left_goes_on_until_its_own_end()
    {
        using var docker = new TempFolder("dockerconfig");
        docker.File("config.json", """{ "detachKeys": "ctrl-e,e" }""");
        _ = (await instance.Cli.RunAsync("run", "-d", "--name", "execd", "busybox", "sleep", "1000")).Good;
        await using var terminal = PseudoTerminal.Start(instance.Suite.Run, $"DOCKER_CONFIG={docker.FullName} exec sh");
        await terminal.NameAsync();
        await terminal.TypeAsync("suite exec -it execd sh\n");
        await terminal.ExpectAsync("/ # ");
        // More than a terminal holds: who writes it waits for a reader, and nobody reads any more.
        await terminal.TypeAsync("trap '' HUP; sleep 0.5; seq 1 20000; echo end > /ended; sleep 1000\n");
        await terminal.LeaveAsync("\u0005e");
        Assert.Contains("waited", await terminal.SayAsync("i=0; until suite exec execd test -e /ended; do sleep 0.1; i=$((i+1)); [ $i -lt 100 ] || break; done; [ $i -lt 100 ] && echo wai''ted"));
        Assert.Equal(2, (await instance.Cli.RunAsync("top", "execd", "-o", "args")).Good.Split('\n').Count(l => l.Contains("sleep 1000", StringComparison.Ordinal)));

        // Those of the command line go before the file's.
        await terminal.TypeAsync("suite exec -it --detach-keys x,y execd sh\n");
        await terminal.ExpectAsync("/ # ");
        await terminal.LeaveAsync("xy");
        Assert.Contains("execd", await terminal.SayAsync("suite rm -f execd"));
    }

    [RootFact(Needs = Needs)]
    public async Task A_push_and_a_pull_show_a_line_for_each_layer_and_then_the_digest()
    {
        var name = $"{instance.Suite.Registry}/bars";
        await using var terminal = PseudoTerminal.Start(instance.Suite.Run, "stty rows 30 cols 80; exec sh");
        await terminal.SayAsync($"suite tag busybox {name}");

        var pushed = await terminal.SayAsync($"suite push {name}");
        Assert.Matches(@"[0-9a-f]{12}: Done[^\n]*\n\r?[0-9a-f]{12}: Done[^\n]*\nDigest: sha256:[0-9a-f]{64}, \d+ bytes\r\n" + name, pushed);
        Assert.Contains("\e[", pushed);
        await terminal.SayAsync($"suite rmi {name}");
        Assert.Matches(@"Digest: sha256:[0-9a-f]{64}\r\n", await terminal.SayAsync($"suite pull {name}"));
        // A terminal that cannot move its cursor has plain lines, as has who is not looked at:
        Assert.DoesNotContain("\e[", await terminal.SayAsync($"TERM=dumb suite push {name}"));
        // Nobody looks: plain lines, without a move of the cursor.
        Assert.DoesNotContain("\e[", await terminal.SayAsync($"suite push {name} 2>&1 | cat"));
        await terminal.SayAsync($"suite rmi {name}");
    }

    [RootFact(Needs = Needs)]
    public async Task Tables_fit_the_window()
    {
        _ = (await instance.Cli.RunAsync("create", "--name", "a-container-with-a-rather-long-name", "busybox", "a", "long", "command")).Good;

        var output = await InTerminalAsync("stty rows 24 cols 60; suite ps -a");
        _ = (await instance.Cli.RunAsync("rm", "a-container-with-a-rather-long-name")).Good;

        Assert.All(output.Split('\n'), line => Assert.InRange(line.TrimEnd('\r').Length, 0, 60));
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
