using Suite.Linux.Errors;
using Suite.Runtime.Exec.Shims;
using Suite.Testing.Requirements;
using Suite.Testing.Services;

namespace Suite.Root.Tests.Exec;

public sealed class StartTests
{
    [RootFact(Needs = Need.Busybox)]
    public async Task A_program_runs_and_its_output_is_in_the_log()
    {
        await using var pod = await ExecFixture.StartAsync(InstanceName.OfCaller());
        var (exit, output) = await pod.RunAsync("hello", pod.Spec("hello", "echo", "hello world"));
        Assert.Equal(0, exit.Code);
        Assert.Equal("hello world\n", output);
        Assert.False(exit.OomKilled);
    }

    [RootFact(Needs = Need.Busybox)]
    public async Task The_exit_code_is_the_programs()
    {
        await using var pod = await ExecFixture.StartAsync(InstanceName.OfCaller());
        Assert.Equal(7, (await pod.ShellAsync("seven", "exit 7")).Exit.Code);
    }

    [RootFact(Needs = Need.Busybox)]
    public async Task A_command_that_is_not_there_is_NotFound_with_127_and_leaves_nothing()
    {
        await using var pod = await ExecFixture.StartAsync(InstanceName.OfCaller());
        var failure = await Assert.ThrowsAsync<StartFailedException>(() => pod.StartAsync("none", pod.Spec("none", "no-such-command")));
        Assert.Equal(127, failure.ExitCode);
        Assert.Equal(ErrorKind.NotFound, failure.Kind);
        Assert.Equal("execute \"no-such-command\": executable file not found in $PATH", failure.Message);
        var state = await pod.Shim.ReadStateAsync(ExecFixture.Token);
        Assert.Equal(ContainerPhase.Created, Assert.Single(state.Containers).Phase);
    }

    [RootFact(Needs = Need.Busybox)]
    public async Task A_file_that_is_no_program_is_PermissionDenied_with_126()
    {
        await using var pod = await ExecFixture.StartAsync(InstanceName.OfCaller());
        var failure = await Assert.ThrowsAsync<StartFailedException>(() => pod.StartAsync("text", pod.Spec("text", "/etc/passwd")));
        Assert.Equal(126, failure.ExitCode);
        Assert.Equal(ErrorKind.PermissionDenied, failure.Kind);
    }

    [RootFact(Needs = Need.Busybox)]
    public async Task A_step_that_fails_is_named_and_leaves_no_cgroup()
    {
        await using var pod = await ExecFixture.StartAsync(InstanceName.OfCaller());
        var spec = pod.Spec("bind", "true");
        spec = spec with { Mounts = [.. spec.Mounts!, new() { Destination = "/data", Type = "bind", Source = "/nowhere/at/all", Options = ["bind"] }] };
        var failure = await Assert.ThrowsAsync<StartFailedException>(() => pod.StartAsync("bind", spec));
        Assert.Equal(128, failure.ExitCode);
        Assert.Contains("bind /nowhere/at/all on /data", failure.Message, StringComparison.Ordinal);
        Assert.Contains("no such file or directory", failure.Message, StringComparison.Ordinal);
        Assert.False(Directory.Exists($"/sys/fs/cgroup/memory/{pod.Instance}/pod/bind"));
    }

    [RootFact(Needs = Need.Busybox)]
    public async Task A_container_that_has_exited_can_be_started_again()
    {
        await using var pod = await ExecFixture.StartAsync(InstanceName.OfCaller());
        var spec = pod.Spec("again", "sh", "-c", "echo run; exit 3");
        await pod.RunAsync("again", spec);
        await pod.Shim.StartContainerAsync(pod.Plan("again", spec), ExecFixture.Token);
        Assert.Equal(3, (await pod.ExitOfAsync("again")).Code);
        Assert.Equal("run\nrun\n", pod.Output("again"));
    }

    [RootFact(Needs = Need.Busybox)]
    public async Task Short_programs_one_after_the_other_lose_neither_exit_nor_output()
    {
        await using var pod = await ExecFixture.StartAsync(InstanceName.OfCaller());
        for (var i = 0; i < 50; i++)
        {
            var (exit, output) = await pod.RunAsync($"c{i}", pod.Spec($"c{i}", "echo", $"{i}"));
            Assert.Equal(0, exit.Code);
            Assert.Equal($"{i}\n", output);
            await pod.Shim.DeleteContainerAsync($"c{i}", ExecFixture.Token);
        }
    }
}
