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
        await pod.Shim.AnnounceContainerAsync("c", $"{pod.Pod.CgroupPath}/c", ExecFixture.Token);
        Assert.NotEmpty(Trees(pod, "c"));
        var made = Trees(pod, "c");
        var (exit, _) = await pod.ShellAsync("c", "true");
        Assert.Equal(0, exit.Code);
        Assert.Equal(made, Trees(pod, "c"));
        await pod.Shim.DeleteContainerAsync("c", ExecFixture.Token);
        Assert.Empty(Trees(pod, "c"));
    }

    [RootFact(Needs = Need.Busybox)]
    public async Task One_that_never_comes_is_taken_back()
    {
        await using var pod = await ExecFixture.StartAsync(InstanceName.OfCaller());
        await pod.Shim.AnnounceContainerAsync("never", $"{pod.Pod.CgroupPath}/never", ExecFixture.Token);
        await pod.Shim.DeleteContainerAsync("never", ExecFixture.Token);
        Assert.Empty(Trees(pod, "never"));
    }

    [RootFact(Needs = Need.Busybox)]
    public async Task One_that_is_not_taken_back_goes_with_its_pod()
    {
        await using var pod = await ExecFixture.StartAsync(InstanceName.OfCaller());
        await pod.Shim.AnnounceContainerAsync("left", $"{pod.Pod.CgroupPath}/left", ExecFixture.Token);
        Assert.NotEmpty(Trees(pod, "left"));
    }

    [RootFact(Needs = Need.Busybox)]
    public async Task One_outside_of_its_pod_is_not_made_ahead()
    {
        await using var pod = await ExecFixture.StartAsync(InstanceName.OfCaller());
        await pod.Shim.AnnounceContainerAsync("far", $"/{pod.Instance}/far", ExecFixture.Token);
        Assert.Empty(Directory.EnumerateDirectories("/sys/fs/cgroup", "far", new EnumerationOptions { RecurseSubdirectories = true, MaxRecursionDepth = 2 }));
    }

    private static string[] Trees(ExecFixture pod, string id) =>
    [
        .. Directory.EnumerateDirectories("/sys/fs/cgroup").Append("/sys/fs/cgroup").Select(tree => $"{tree}{pod.Pod.CgroupPath}/{id}").Where(Directory.Exists).Order(),
    ];
}
