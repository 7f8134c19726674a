using Suite.Linux.Cgroups;
using Suite.Linux.Errors;
using Suite.Oci.Runtime;
using Suite.Runtime.Exec.Shims;
using Suite.Testing.Requirements;
using Suite.Testing.Services;

namespace Suite.Root.Tests.Exec;

/// <summary>Containers whose cgroup is there before them. That nothing is left of it is seen by the fixture, whose guard looks at every tree.</summary>
public sealed class AnnouncedContainerTests
{
    [RootFact(Needs = Need.Busybox)]
    public async Task It_starts_in_the_cgroup_that_was_made_for_it()
    {
        await using var pod = await ExecFixture.StartAsync(InstanceName.OfCaller());
        await pod.Shim.AnnounceContainerAsync("c", $"{pod.Pod.CgroupPath}/c", CgroupLimits.None, null, ExecFixture.Token);
        Assert.NotEmpty(Trees(pod, "c"));
        var made = Trees(pod, "c");
        var (exit, _) = await pod.ShellAsync("c", "true");
        Assert.Equal(0, exit.Code);
        Assert.Equal(made, Trees(pod, "c"));
        await pod.Shim.DeleteContainerAsync("c", ExecFixture.Token);
        Assert.Empty(Trees(pod, "c"));
    }

    [RootFact(Needs = Need.Busybox)]
    public async Task Its_limits_are_set_before_it_starts_and_hold_when_it_runs()
    {
        await using var pod = await ExecFixture.StartAsync(InstanceName.OfCaller());
        await pod.Shim.AnnounceContainerAsync("c", $"{pod.Pod.CgroupPath}/c", new CgroupLimits { Pids = 7 }, null, ExecFixture.Token);
        Assert.Equal("7", Pids(pod, "c"));
        var (exit, _) = await pod.RunAsync("c", WithPids(pod, 7));
        Assert.Equal(0, exit.Code);
        Assert.Equal("7", Pids(pod, "c"));
    }

    [RootFact(Needs = Need.Busybox)]
    public async Task What_the_start_asks_for_wins_over_what_was_announced()
    {
        await using var pod = await ExecFixture.StartAsync(InstanceName.OfCaller());
        await pod.Shim.AnnounceContainerAsync("c", $"{pod.Pod.CgroupPath}/c", new CgroupLimits { Pids = 7 }, null, ExecFixture.Token);
        var (exit, _) = await pod.RunAsync("c", WithPids(pod, 9));
        Assert.Equal(0, exit.Code);
        Assert.Equal("9", Pids(pod, "c"));
    }

    [RootFact(Needs = Need.Busybox)]
    public async Task Limits_that_the_kernel_refuses_leave_nothing_and_the_start_tells_of_them()
    {
        await using var pod = await ExecFixture.StartAsync(InstanceName.OfCaller());
        var wrong = new CgroupLimits { Cpus = "4095" };
        await Assert.ThrowsAsync<SuiteException>(() => pod.Shim.AnnounceContainerAsync("c", $"{pod.Pod.CgroupPath}/c", wrong, null, ExecFixture.Token));
        Assert.Empty(Trees(pod, "c"));
        var failure = await Assert.ThrowsAsync<StartFailedException>(() => pod.StartAsync("c", With(pod, new LinuxResources { Cpu = new() { Cpus = "4095" } })));
        Assert.Contains("cpuset.cpus", failure.Message, StringComparison.Ordinal);
    }

    [RootFact(Needs = Need.Busybox)]
    public async Task Nothing_of_them_stays_open_in_the_shim_or_comes_into_a_container()
    {
        await using var pod = await ExecFixture.StartAsync(InstanceName.OfCaller());
        await pod.RunAsync("first", pod.Spec("first", "true"));
        await pod.Shim.DeleteContainerAsync("first", ExecFixture.Token);
        var before = pod.Descriptors();
        await pod.Shim.AnnounceContainerAsync("never", $"{pod.Pod.CgroupPath}/never", CgroupLimits.None, null, ExecFixture.Token);
        await pod.Shim.AnnounceContainerAsync("c", $"{pod.Pod.CgroupPath}/c", CgroupLimits.None, null, ExecFixture.Token);
        var (_, output) = await pod.ShellAsync("c", "ls /proc/self/fd | wc -l");
        // Three, and that of ls on the folder.
        Assert.Equal("4\n", output);
        await pod.Shim.DeleteContainerAsync("c", ExecFixture.Token);
        await pod.Shim.DeleteContainerAsync("never", ExecFixture.Token);
        Assert.Equal(before, pod.Descriptors());
    }

    [RootFact(Needs = Need.Busybox)]
    public async Task One_that_never_comes_is_taken_back()
    {
        await using var pod = await ExecFixture.StartAsync(InstanceName.OfCaller());
        await pod.Shim.AnnounceContainerAsync("never", $"{pod.Pod.CgroupPath}/never", CgroupLimits.None, null, ExecFixture.Token);
        await pod.Shim.DeleteContainerAsync("never", ExecFixture.Token);
        Assert.Empty(Trees(pod, "never"));
    }

    [RootFact(Needs = Need.Busybox)]
    public async Task One_that_is_not_taken_back_goes_with_its_pod()
    {
        await using var pod = await ExecFixture.StartAsync(InstanceName.OfCaller());
        await pod.Shim.AnnounceContainerAsync("left", $"{pod.Pod.CgroupPath}/left", CgroupLimits.None, null, ExecFixture.Token);
        Assert.NotEmpty(Trees(pod, "left"));
    }

    [RootFact(Needs = Need.Busybox)]
    public async Task One_outside_of_its_pod_is_not_made_ahead()
    {
        await using var pod = await ExecFixture.StartAsync(InstanceName.OfCaller());
        await pod.Shim.AnnounceContainerAsync("far", $"/{pod.Instance}/far", CgroupLimits.None, null, ExecFixture.Token);
        Assert.Empty(Directory.EnumerateDirectories("/sys/fs/cgroup", "far", new EnumerationOptions { RecurseSubdirectories = true, MaxRecursionDepth = 2 }));
    }

    private static string[] Trees(ExecFixture pod, string id) =>
    [
        .. Directory.EnumerateDirectories("/sys/fs/cgroup").Append("/sys/fs/cgroup").Select(tree => $"{tree}{pod.Pod.CgroupPath}/{id}").Where(Directory.Exists).Order(),
    ];

    private static Spec WithPids(ExecFixture pod, long limit) => With(pod, new LinuxResources { Pids = new() { Limit = limit } });

    private static Spec With(ExecFixture pod, LinuxResources resources)
    {
        var spec = pod.Spec("c", "true");
        return spec with { Linux = spec.Linux! with { Resources = resources } };
    }

    private static string Pids(ExecFixture pod, string id) =>
        File.ReadAllText(Trees(pod, id).Select(tree => $"{tree}/pids.max").First(File.Exists)).Trim();
}
