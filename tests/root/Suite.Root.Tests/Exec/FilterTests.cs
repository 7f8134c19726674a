using Suite.Oci.Runtime;
using Suite.Runtime.Exec.Filters;
using Suite.Runtime.Exec.Plans;
using Suite.Runtime.Exec.Shims;
using Suite.Testing.Requirements;
using Suite.Testing.Services;

namespace Suite.Root.Tests.Exec;

public sealed class FilterTests
{
    private static readonly Seccomp NoMkdir = new()
    {
        DefaultAction = "SCMP_ACT_ALLOW",
        Syscalls = [new SeccompRule { Names = ["mkdir", "mkdirat"], Action = "SCMP_ACT_ERRNO", ErrnoRet = 30 }],
    };

    [RootTheory(Needs = Need.Busybox)]
    [InlineData(true, 0u)]
    [InlineData(true, 1000u)]
    [InlineData(false, 0u)]
    [InlineData(false, 1000u)]
    public async Task A_filter_holds_for_a_container_and_for_what_is_executed_in_it(bool noNewPrivileges, uint user)
    {
        await using var pod = await ExecFixture.StartAsync(InstanceName.OfCaller());
        var spec = Filtered(pod.Spec("f", "sh", "-c", "mkdir /tmp/x; grep -E 'Seccomp:|NoNewPrivs|CapEff|CapPrm' /proc/self/status; sleep 60"), NoMkdir);
        spec = spec with { Process = spec.Process! with { NoNewPrivileges = noNewPrivileges, User = new() { Uid = user, Gid = user } } };
        await pod.StartAsync("f", spec);

        var process = ExecFixture.Process("sh", "-c", "mkdir /tmp/y; grep -E 'Seccomp:|NoNewPrivs|CapEff|CapPrm' /proc/self/status") with { NoNewPrivileges = noNewPrivileges, User = spec.Process.User };
        await using var session = await pod.Shim.ExecAsync("f", "e", ProcessPlan.From(process, new() { Seccomp = NoMkdir }), new(), ExecFixture.Token);
        var output = await new StreamReader(session.Output!).ReadToEndAsync(ExecFixture.Token);
        var error = await new StreamReader(session.Error!).ReadToEndAsync(ExecFixture.Token);
        await session.Exited.WaitAsync(TimeSpan.FromSeconds(20), ExecFixture.Token);
        Assert.Contains("Read-only file system", error, StringComparison.Ordinal);
        Assert.Contains("Seccomp:\t2\n", output, StringComparison.Ordinal);
        Assert.Contains($"NoNewPrivs:\t{(noNewPrivileges ? 1 : 0)}\n", output, StringComparison.Ordinal);
        // The capability that putting the filter in place took is gone again.
        Assert.Contains($"CapPrm:\t{(user == 0 ? "00000000a80425fb" : "0000000000000000")}\n", output, StringComparison.Ordinal);

        await pod.WaitForLineAsync("f", "Seccomp:\t2");
        await pod.Shim.SignalAsync("f", 9, all: true, ExecFixture.Token);
        await pod.ExitOfAsync("f");
        Assert.Contains("Read-only file system", pod.Output("f"), StringComparison.Ordinal);
        Assert.Contains("Seccomp:\t2", pod.Output("f"), StringComparison.Ordinal);
        Assert.Contains($"CapPrm:\t{(user == 0 ? "00000000a80425fb" : "0000000000000000")}\n", pod.Output("f"), StringComparison.Ordinal);
    }

    [RootFact(Needs = Need.Busybox)]
    public async Task A_filter_that_allows_little_but_execve_does_not_hinder_the_start()
    {
        await using var pod = await ExecFixture.StartAsync(InstanceName.OfCaller());
        // What a static busybox needs to say that it could not do what it was asked.
        var few = new Seccomp
        {
            DefaultAction = "SCMP_ACT_KILL_PROCESS",
            Syscalls = [new SeccompRule { Names = ["execve", "exit", "exit_group", "brk", "arch_prctl", "set_tid_address", "set_robust_list", "rseq", "prlimit64", "readlink", "readlinkat", "getrandom", "mprotect", "getuid", "getgid", "prctl", "setuid", "setgid", "write", "mmap", "munmap"], Action = "SCMP_ACT_ALLOW" }],
        };
        var (exit, _) = await pod.RunAsync("few", Filtered(pod.Spec("few", "true"), few));
        Assert.Equal(0, exit.Code);
    }

    [RootFact(Needs = Need.Busybox)]
    public async Task Under_the_default_profile_a_container_can_work_and_cannot_mount_or_make_namespaces()
    {
        await using var pod = await ExecFixture.StartAsync(InstanceName.OfCaller());
        var spec = pod.Spec("d", "sh", "-c", "mkdir /x && touch /x/y && ls /x && id -u && unshare -U true; mount -t tmpfs t /x; echo done");
        var (exit, output) = await pod.RunAsync("d", Filtered(spec, SeccompProfiles.Default(ExecFixture.DockerCapabilities)));
        Assert.Equal(0, exit.Code);
        Assert.StartsWith("y\n0\n", output, StringComparison.Ordinal);
        Assert.Contains("unshare: ", output, StringComparison.Ordinal);
        Assert.Contains("mount: ", output, StringComparison.Ordinal);
        // Not at the end: what is written to two pipes is carried in either order.
        Assert.Contains("done\n", output, StringComparison.Ordinal);
    }

    [RootFact(Needs = Need.Busybox)]
    public async Task A_listener_is_sent_the_notifications_of_the_container()
    {
        await using var pod = await ExecFixture.StartAsync(InstanceName.OfCaller());
        using var listener = new NotificationListener(pod.Folder.Path("listener.sock"));
        var profile = NoMkdir with
        {
            ListenerPath = pod.Folder.Path("listener.sock"),
            ListenerMetadata = "a \"quoted\" word",
            Syscalls = [new SeccompRule { Names = ["mkdir", "mkdirat"], Action = "SCMP_ACT_NOTIFY" }],
        };
        var spec = Filtered(pod.Spec("n", "mkdir", "/one"), profile);
        await pod.StartAsync("n", spec with { Annotations = new Dictionary<string, string> { ["a"] = "b" } });
        var (state, answered) = await listener.AnswerOneAsync(errno: 28, ExecFixture.Token);
        var exit = await pod.ExitOfAsync("n");
        Assert.Equal(1, exit.Code);
        Assert.Contains("No space left on device", pod.Output("n"), StringComparison.Ordinal);
        Assert.Equal("a \"quoted\" word", state.GetProperty("metadata").GetString());
        Assert.Equal("seccompFd", state.GetProperty("fds")[0].GetString());
        Assert.Equal(answered, state.GetProperty("pid").GetInt32());
        Assert.Equal("n", state.GetProperty("state").GetProperty("id").GetString());
        Assert.Equal("creating", state.GetProperty("state").GetProperty("status").GetString());
        Assert.Equal("b", state.GetProperty("state").GetProperty("annotations").GetProperty("a").GetString());
    }

    private static Spec Filtered(Spec spec, Seccomp profile) => spec with { Linux = spec.Linux! with { Seccomp = profile } };
}
