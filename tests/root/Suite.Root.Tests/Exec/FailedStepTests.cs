using Suite.Linux.Cgroups;
using Suite.Oci.Runtime;
using Suite.Runtime.Exec.Filters;
using Suite.Runtime.Exec.Plans;
using Suite.Runtime.Exec.Plans.Steps;
using Suite.Runtime.Exec.Shims;
using Suite.Testing.Requirements;
using Suite.Testing.Services;

namespace Suite.Root.Tests.Exec;

/// <summary>A start that fails half way leaves nothing: at every place in the plan in turn.</summary>
public sealed class FailedStepTests
{
    // Fails in any namespace and any root.
    private static readonly Step Fails = new JoinNamespace(NamespaceTypes.Network, "/nowhere/at/all");

    [RootTheory(Needs = Need.Busybox)]
    [InlineData("plain")]
    [InlineData("terminal")]
    [InlineData("users")]
    [InlineData("devices")]
    [InlineData("joined")]
    public async Task Whatever_step_fails_it_is_named_and_nothing_is_left(string kind)
    {
        var instance = InstanceName.OfCaller();
        await using var pod = await ExecFixture.StartAsync(instance);
        using var pair = kind == "devices" ? new DevicePair(instance) : null;
        using var holder = kind == "joined" ? new MountHolder() : null;
        var spec = pod.Spec("c", "true");
        spec = spec with
        {
            Process = spec.Process! with { Terminal = kind == "terminal", OomScoreAdj = 500, Cwd = "/made" },
            Linux = spec.Linux! with { Seccomp = SeccompProfiles.Default([]), Resources = new() { Memory = new() { Limit = 64 << 20 }, Devices = [new()] } },
        };
        if (kind == "users")
        {
            IdMapping[] map = [new() { ContainerID = 0, HostID = 300_000, Size = 65_536 }];
            spec = spec with { Linux = spec.Linux with { UidMappings = map, GidMappings = map, Namespaces = [.. spec.Linux.Namespaces!, new() { Type = "user" }, new() { Type = "network" }, new() { Type = "ipc" }, new() { Type = "uts" }] } };
        }

        if (pair is not null)
            spec = spec with { Linux = spec.Linux! with { Namespaces = [.. spec.Linux.Namespaces!, new() { Type = "network" }], NetDevices = new Dictionary<string, NetDevice> { [pair.Moved] = new() { Name = "lan" } } } };
        if (holder is not null)
        {
            spec = spec with
            {
                Linux = spec.Linux! with { Namespaces = [.. spec.Linux.Namespaces!.Where(item => item.Type != "mount"), new() { Type = "mount", Path = $"/proc/{holder.Pid}/ns/mnt" }] },
                Mounts = [.. spec.Mounts!.Where(mount => mount.Destination != "/dev/shm")],
            };
        }

        var mounts = holder?.Mounts;
        var whole = pod.Plan("c", spec, rootOptions: kind == "users" ? ["idmap"] : null);
        await pod.Shim.CreateContainerAsync("c", new ContainerStreams { LogPath = pod.LogPath("c"), Terminal = kind == "terminal" }, ExecFixture.Token);
        // What the first start opens once and for all is no leak of the others.
        await FailAsync(pod, whole, 0);
        var descriptors = Descriptors(pod);
        for (var at = 1; at < whole.Steps.Length; at++)
        {
            await FailAsync(pod, whole, at);
            // What is given back outside is given back by a child.
            await ControllerTests.UntilAsync(() => File.ReadAllText($"/proc/{pod.Shim.Pid}/task/{pod.Shim.Pid}/children").Trim().Length == 0);
            Assert.True(pair is null || Directory.Exists($"/sys/class/net/{pair.Moved}"), $"step {at}: the device has not come back");
            Assert.True(holder is null || holder.Mounts.Length == mounts!.Length, $"step {at}: a mount is left in the namespace that was joined");
            foreach (var hierarchy in CgroupHost.Detect().Hierarchies)
                Assert.False(Directory.Exists(hierarchy.PathOf($"{pod.Pod.CgroupPath}/c")), $"step {at}: the cgroup in {hierarchy.MountPoint} is left");
            // Those of who has just ended are closed when it is reaped.
            await ControllerTests.UntilAsync(() => Descriptors(pod) == descriptors);
        }

        // And the container is none the worse for it.
        await pod.Shim.StartContainerAsync(whole, ExecFixture.Token);
        Assert.Equal(0, (await pod.ExitOfAsync("c")).Code);
    }

    private static async Task FailAsync(ExecFixture pod, ContainerPlan whole, int at)
    {
        var failure = await Assert.ThrowsAsync<StartFailedException>(
            () => pod.Shim.StartContainerAsync(new ContainerPlan(whole.Id, whole.Request, whole.Steps.Insert(at, Fails)), ExecFixture.Token));
        Assert.StartsWith("join the network namespace /nowhere/at/all", failure.Message, StringComparison.Ordinal);
        Assert.Equal(128, failure.ExitCode);
        Assert.Equal(ContainerPhase.Created, Assert.Single((await pod.Shim.ReadStateAsync(ExecFixture.Token)).Containers).Phase);
    }

    private static int Descriptors(ExecFixture pod) => Directory.GetFileSystemEntries($"/proc/{pod.Shim.Pid}/fd").Length;
}
