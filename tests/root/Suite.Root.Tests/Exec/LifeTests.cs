using System.Diagnostics;
using System.Text;
using Suite.Linux.Errors;
using Suite.Runtime.Exec.Plans;
using Suite.Runtime.Exec.Shims;
using Suite.Testing.Requirements;
using Suite.Testing.Services;

namespace Suite.Root.Tests.Exec;

public sealed class LifeTests
{
    [RootFact(Needs = Need.Busybox)]
    public async Task A_program_that_ignores_TERM_ends_with_KILL_and_137()
    {
        await using var pod = await ExecFixture.StartAsync(InstanceName.OfCaller());
        await pod.StartAsync("deaf", pod.Spec("deaf", "sh", "-c", "trap '' TERM; echo ready; while :; do sleep 1; done"));
        await UntilAsync(() => pod.Output("deaf") == "ready\n");
        await pod.Shim.SignalAsync("deaf", 15, all: false, ExecFixture.Token);
        Assert.Equal(ContainerPhase.Running, (await pod.Shim.ReadStateAsync(ExecFixture.Token)).Containers[0].Phase);
        await pod.Shim.SignalAsync("deaf", 9, all: true, ExecFixture.Token);
        Assert.Equal(137, (await pod.ExitOfAsync("deaf")).Code);
    }

    [RootFact(Needs = Need.Busybox)]
    public async Task A_program_that_handles_TERM_ends_its_own_way()
    {
        await using var pod = await ExecFixture.StartAsync(InstanceName.OfCaller());
        await pod.StartAsync("polite", pod.Spec("polite", "sh", "-c", "trap 'exit 5' TERM; echo ready; while :; do sleep 0.05; done"));
        await UntilAsync(() => pod.Output("polite") == "ready\n");
        await pod.Shim.SignalAsync("polite", 15, all: false, ExecFixture.Token);
        Assert.Equal(5, (await pod.ExitOfAsync("polite")).Code);
    }

    [RootFact(Needs = Need.Busybox)]
    public async Task An_exit_while_nobody_is_connected_is_kept()
    {
        await using var pod = await ExecFixture.StartAsync(InstanceName.OfCaller());
        await pod.StartAsync("late", pod.Spec("late", "sh", "-c", "sleep 0.3; exit 42"));
        await pod.Shim.DisposeAsync();
        await Task.Delay(600, ExecFixture.Token);
        await pod.ReconnectAsync();
        var container = Assert.Single((await pod.Shim.ReadStateAsync(ExecFixture.Token)).Containers);
        Assert.Equal((ContainerPhase.Exited, 42), (container.Phase, container.Exit!.Code));
    }

    [RootFact(Needs = Need.Busybox)]
    public async Task A_running_container_is_found_again_by_a_new_connection()
    {
        await using var pod = await ExecFixture.StartAsync(InstanceName.OfCaller());
        await pod.StartAsync("live", pod.Spec("live", "sleep", "60"));
        var pid = (await pod.Shim.ReadStateAsync(ExecFixture.Token)).Containers[0].Pid;
        await pod.ReconnectAsync();
        var container = Assert.Single((await pod.Shim.ReadStateAsync(ExecFixture.Token)).Containers);
        Assert.Equal((ContainerPhase.Running, pid), (container.Phase, container.Pid));
        await pod.Shim.SignalAsync("live", 9, all: true, ExecFixture.Token);
        Assert.Equal(137, (await pod.ExitOfAsync("live")).Code);
    }

    [RootFact(Needs = Need.Busybox)]
    public async Task When_the_shim_is_killed_its_containers_die_and_its_remains_can_be_removed()
    {
        await using var pod = await ExecFixture.StartAsync(InstanceName.OfCaller());
        await pod.StartAsync("orphan", pod.Spec("orphan", "sleep", "60"));
        await pod.StartAsync("user", pod.Spec("user", "sleep", "60"), user: "nobody");
        var pids = (await pod.Shim.ReadStateAsync(ExecFixture.Token)).Containers.Select(c => c.Pid).ToArray();
        System.Diagnostics.Process.GetProcessById(pod.Shim.Pid).Kill();
        await pod.Shim.Closed.WaitAsync(TimeSpan.FromSeconds(5), ExecFixture.Token);
        await UntilAsync(() => pids.All(HasEnded));
        var failure = await Assert.ThrowsAsync<SuiteException>(() => pod.Shim.ReadStateAsync(ExecFixture.Token));
        Assert.Equal(ErrorKind.Unavailable, failure.Kind);
        await ShimRemains.RemoveAsync(pod.Pod.CgroupPath, pod.Pod.Directory, pod.Pod.Runtime, ExecFixture.Token);
    }

    [RootFact(Needs = Need.Busybox)]
    public async Task A_pod_that_cannot_be_made_says_why_and_the_shim_is_gone()
    {
        var instance = InstanceName.OfCaller();
        var failure = await Assert.ThrowsAnyAsync<SuiteException>(
            () => ExecFixture.StartAsync(instance, plan => plan with { NetworkNamespace = "/run/netns/none-such" }));
        Assert.Contains("/run/netns/none-such", failure.Message, StringComparison.Ordinal);
        Assert.False(Directory.Exists($"/sys/fs/cgroup/memory/{instance}"));
    }

    [RootFact(Needs = Need.Busybox)]
    public async Task Exec_runs_in_the_container_with_its_streams_and_exit_code()
    {
        await using var pod = await ExecFixture.StartAsync(InstanceName.OfCaller());
        await pod.StartAsync("host", pod.Spec("host", "sleep", "60"));
        var plan = ProcessPlan.From(ExecFixture.Process("sh", "-c", "read line; echo got $line; echo bad >&2; cat /proc/1/comm; grep CapEff /proc/self/status; cut -d: -f3 /proc/self/cgroup | sort -u | head -1; exit 9"), new());
        await using var session = await pod.Shim.ExecAsync("host", "e1", plan, new ExecStreams { Input = true }, ExecFixture.Token);
        await session.Input!.WriteAsync("hello\n"u8.ToArray(), ExecFixture.Token);
        await session.Input.DisposeAsync();
        var output = await ReadAsync(session.Output!);
        Assert.Equal("got hello\nsleep\nCapEff:\t00000000a80425fb\n/\n", output);
        Assert.Equal("bad\n", await ReadAsync(session.Error!));
        Assert.Equal(9, (await session.Exited.WaitAsync(ExecFixture.Token)).Code);
    }

    [RootFact(Needs = Need.Busybox)]
    public async Task Exec_of_what_is_not_there_is_127_and_of_a_stopped_container_is_refused()
    {
        await using var pod = await ExecFixture.StartAsync(InstanceName.OfCaller());
        await pod.StartAsync("host", pod.Spec("host", "sleep", "60"));
        var plan = ProcessPlan.From(ExecFixture.Process("none"), new());
        var failure = await Assert.ThrowsAsync<StartFailedException>(() => pod.Shim.ExecAsync("host", "e", plan, new(), ExecFixture.Token));
        Assert.Equal(127, failure.ExitCode);
        await pod.Shim.SignalAsync("host", 9, all: true, ExecFixture.Token);
        await pod.ExitOfAsync("host");
        var refused = await Assert.ThrowsAsync<SuiteException>(() => pod.Shim.ExecAsync("host", "f", plan, new(), ExecFixture.Token));
        Assert.Equal(ErrorKind.FailedPrecondition, refused.Kind);
    }

    [RootFact(Needs = Need.Busybox)]
    public async Task Exec_with_a_terminal_has_one_and_its_size()
    {
        await using var pod = await ExecFixture.StartAsync(InstanceName.OfCaller());
        await pod.StartAsync("host", pod.Spec("host", "sleep", "60"));
        var plan = ProcessPlan.From(ExecFixture.Process("sh", "-c", "tty; stty size") with { Terminal = true }, new());
        await using var session = await pod.Shim.ExecAsync("host", "t", plan, new ExecStreams { Input = true, Size = new(24, 100) }, ExecFixture.Token);
        Assert.Equal("/dev/pts/0\r\n24 100\r\n", await ReadAsync(session.Output!));
        Assert.Equal(0, (await session.Exited.WaitAsync(ExecFixture.Token)).Code);
    }

    [RootFact(Needs = Need.Busybox)]
    public async Task A_container_with_a_terminal_is_attached_to_before_its_start()
    {
        await using var pod = await ExecFixture.StartAsync(InstanceName.OfCaller());
        var spec = pod.Spec("tty", "sh", "-c", "read x; echo you said $x; tty; test -c /dev/console && echo console");
        await pod.Shim.CreateContainerAsync("tty", new() { LogPath = pod.LogPath("tty"), Terminal = true, Input = true }, ExecFixture.Token);
        await using var attached = await pod.Shim.AttachAsync("tty", input: true, ExecFixture.Token);
        await attached.Input!.WriteAsync("hi\n"u8.ToArray(), ExecFixture.Token);
        await pod.Shim.StartContainerAsync(pod.Plan("tty", spec with { Process = spec.Process! with { Terminal = true } }), ExecFixture.Token);
        var output = await ReadAsync(attached.Output!);
        Assert.Contains("you said hi\r\n/dev/", output, StringComparison.Ordinal);
        Assert.EndsWith("console\r\n", output, StringComparison.Ordinal);
        Assert.Equal(0, (await pod.ExitOfAsync("tty")).Code);
    }

    private static bool HasEnded(int pid)
    {
        try
        {
            return File.ReadAllText($"/proc/{pid}/stat").Contains(") Z ", StringComparison.Ordinal);
        }
        catch (IOException)
        {
            return true;
        }
    }

    internal static async Task<string> ReadAsync(Stream stream)
    {
        using var patience = new CancellationTokenSource(TimeSpan.FromSeconds(20));
        using var memory = new MemoryStream();
        await stream.CopyToAsync(memory, patience.Token);
        return Encoding.UTF8.GetString(memory.ToArray());
    }

    internal static async Task UntilAsync(Func<bool> condition)
    {
        var started = Stopwatch.StartNew();
        while (!condition())
        {
            Assert.True(started.Elapsed < TimeSpan.FromSeconds(10), "waited ten seconds in vain");
            await Task.Delay(5, ExecFixture.Token);
        }
    }

    /// <summary>Process 1 of a pid namespace ends when all others in it have been waited for, by whoever's children they are.</summary>
    [RootFact(Needs = Need.Busybox)]
    public async Task A_pod_ends_while_later_processes_run_in_its_containers()
    {
        await using var pod = await ExecFixture.StartAsync(InstanceName.OfCaller());
        await pod.StartAsync("one", pod.Spec("one", "sleep", "600"));
        await pod.StartAsync("two", pod.Spec("two", "sleep", "600"));
        foreach (var id in new[] { "one", "one", "two" })
            await pod.Shim.ExecAsync(id, Guid.NewGuid().ToString("N"), ProcessPlan.From(ExecFixture.Process("sleep", "600"), new()), new(), ExecFixture.Token);
        await pod.Shim.ShutdownAsync(ExecFixture.Token).WaitAsync(TimeSpan.FromSeconds(20), ExecFixture.Token);
    }
}
