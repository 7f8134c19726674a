using System.Globalization;
using Suite.Cli.Tests.Fakes;
using Suite.Container.V1;

namespace Suite.Cli.Tests.Commands;

/// <summary>Options behind the container's name go to this machine's ps(1), which here lists the test itself.</summary>
public sealed class TopTests
{
    private static readonly string Pid = Environment.ProcessId.ToString(CultureInfo.InvariantCulture);

    [Fact]
    public async Task Without_options_the_service_tells_all()
    {
        await using var machine = await MachineAsync();
        var lines = (await machine.RunAsync("top", "web")).Output.Split('\n');
        Assert.Equal(["UID", "PID", "PPID", "STIME", "TTY", "TIME", "RSS", "CMD"], Words(lines[0]));
        Assert.EndsWith("2MiB   serve --all", lines[1]);
    }

    // The first four go with -q; the others choose or sort, and are looked through.
    [Theory]
    [InlineData("UID", "-ef")]
    [InlineData("USER", "aux")]
    [InlineData("PID COMMAND", "-o", "pid,comm")]
    [InlineData("PID COMMAND", "-o pid,comm")]
    [InlineData("PID PPID", "-e", "-o", "pid,ppid", "--sort", "pid")]
    [InlineData("PID TTY", "axf")]
    public async Task Options_are_those_of_ps(string headings, params string[] options)
    {
        await using var machine = await MachineAsync();
        var result = await machine.RunAsync(["top", "web", .. options]);

        var lines = result.Output.Split('\n', StringSplitOptions.RemoveEmptyEntries);
        Assert.True(lines.Length == 2, result.Output + result.Error);
        var columns = Words(lines[0]);
        Assert.Equal(headings.Split(' '), columns[..headings.Split(' ').Length]);
        Assert.Equal(Pid, Words(lines[1])[Array.IndexOf(columns, "PID")]);
    }

    [Fact]
    public async Task Columns_without_the_pid_will_do_unless_options_choose_processes()
    {
        await using var machine = await MachineAsync();
        Assert.StartsWith("COMMAND\n", (await machine.RunAsync("top", "web", "-o", "comm")).Output);

        var wrong = await machine.RunAsync("top", "web", "-o", "comm", "--sort", "comm");
        Assert.Equal((1, ""), (wrong.ExitCode, wrong.Output));
        Assert.Contains("add -o pid", wrong.Error);
    }

    [Fact]
    public async Task What_ps_does_not_know_it_says_itself()
    {
        await using var machine = await MachineAsync();
        var wrong = await machine.RunAsync("top", "web", "-o", "nosuch");
        Assert.Equal((1, ""), (wrong.ExitCode, wrong.Output));
        Assert.StartsWith("suite: cannot list processes with \"-o nosuch\", which is for ps(1): error: unknown user-defined format specifier \"nosuch\"\n", wrong.Error);
    }

    private static string[] Words(string line) => line.Split(' ', StringSplitOptions.RemoveEmptyEntries);

    private static async Task<FakeMachine> MachineAsync()
    {
        var machine = await FakeMachine.StartAsync();
        machine.Containers.Processes.Add(new ProcessInfo { Pid = Environment.ProcessId, ParentPid = 1, ResidentBytes = 2 << 20, Command = { "serve", "--all" } });
        return machine;
    }
}
