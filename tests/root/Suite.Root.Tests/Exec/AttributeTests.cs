using Suite.Linux.Errors;
using Suite.Runtime.Exec.Plans;
using Suite.Runtime.Exec.Shims;
using Suite.Testing.Requirements;
using Suite.Testing.Services;

namespace Suite.Root.Tests.Exec;

public sealed class AttributeTests
{
    [RootFact(Needs = Need.Busybox)]
    public async Task Scheduler_io_priority_personality_and_memory_policy_are_those_asked_for()
    {
        await using var pod = await ExecFixture.StartAsync(InstanceName.OfCaller());
        var spec = pod.Spec("a", "sh", "-c", "uname -m; cut -d' ' -f19,41 /proc/self/stat; ionice -p $$; grep -c 'bind:0' /proc/self/numa_maps | head -1");
        spec = spec with
        {
            Process = spec.Process! with { Scheduler = new() { Policy = "SCHED_BATCH", Nice = 5 }, IoPriority = new() { Class = "IOPRIO_CLASS_BE", Priority = 6 } },
            Linux = spec.Linux! with { Personality = new() { Domain = "LINUX32" } },
        };
        var (_, output) = await pod.RunAsync("a", spec);
        var lines = output.Split('\n');
        Assert.Equal("i686", lines[0]);
        Assert.Equal("5 3", lines[1]);
        Assert.Contains("6", lines[2], StringComparison.Ordinal);
    }

    [RootFact(Needs = Need.Busybox)]
    public async Task A_process_that_is_executed_later_runs_on_the_CPUs_asked_for()
    {
        await using var pod = await ExecFixture.StartAsync(InstanceName.OfCaller());
        await pod.StartAsync("a", pod.Spec("a", "sleep", "60"));
        var process = ExecFixture.Process("grep", "Cpus_allowed_list", "/proc/self/status") with { ExecCpuAffinity = new() { Initial = "0", Final = "0" } };
        await using var session = await pod.Shim.ExecAsync("a", "e", ProcessPlan.From(process, new()), new(), ExecFixture.Token);
        Assert.Equal("Cpus_allowed_list:\t0\n", await new StreamReader(session.Output!).ReadToEndAsync(ExecFixture.Token));
        await session.Exited.WaitAsync(TimeSpan.FromSeconds(20), ExecFixture.Token);
    }

    [RootTheory(Needs = Need.Busybox)]
    [InlineData("apparmor")]
    [InlineData("selinux")]
    public async Task A_label_of_a_module_that_the_kernel_lacks_is_refused_and_unconfined_is_no_label(string module)
    {
        await using var pod = await ExecFixture.StartAsync(InstanceName.OfCaller());
        var spec = pod.Spec("l", "true");
        spec = spec with { Process = module == "apparmor" ? spec.Process! with { ApparmorProfile = "suite-nowhere" } : spec.Process! with { SelinuxLabel = "system_u:system_r:container_t:s0" } };
        var failure = await Assert.ThrowsAsync<StartFailedException>(() => pod.StartAsync("l", spec));
        var active = module == "apparmor" ? File.Exists("/proc/self/attr/apparmor/exec") : Directory.Exists("/sys/fs/selinux/class");
        Assert.Contains(active ? "label" : module == "apparmor" ? "no active AppArmor" : "no active SELinux", failure.Message, StringComparison.Ordinal);
        Assert.Equal(active ? ErrorKind.FailedPrecondition : ErrorKind.Unsupported, failure.Kind);

        await pod.Shim.DeleteContainerAsync("l", ExecFixture.Token);
        var (exit, _) = await pod.RunAsync("l", spec with { Process = pod.Spec("l", "true").Process! with { ApparmorProfile = "unconfined" } });
        Assert.Equal(0, exit.Code);
    }
}
