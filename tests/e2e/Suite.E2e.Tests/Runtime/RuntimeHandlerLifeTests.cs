using Runtime.V1;
using Suite.Linux.Cgroups;
using Suite.Testing.Requirements;

namespace Suite.E2e.Tests.Runtime;

/// <summary>The life of containers that another OCI runtime makes, from their pod to its end.</summary>
public sealed class RuntimeHandlerLifeTests
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [RootTheory(Needs = Need.Executables | Need.Busybox | Need.OciRuntimes)]
    [MemberData(nameof(HandlerRig.Here), MemberType = typeof(HandlerRig))]
    public async Task A_container_lives_and_ends_as_with_ours(string handler)
    {
        var (suite, rig) = await HandlerRig.StartAsync($"hl{handler}");
        await using var _ = suite;
        var pod = await rig.RunPodAsync(handler: handler);
        Assert.Equal(handler, (await rig.Runtime.PodSandboxStatusAsync(new PodSandboxStatusRequest { PodSandboxId = pod }, cancellationToken: Token)).Status.RuntimeHandler);

        var id = await rig.StartAsync(pod, "main", "sh", "-c", "trap 'echo bye; exit 3' TERM; echo started; echo oops >&2; hostname; while :; do sleep 0.05; done");
        Assert.Equal([id], await HandlerRig.KnownAsync(suite, handler));
        await LogHasAsync(rig, id, "stdout F started");
        await LogHasAsync(rig, id, "stderr F oops");
        await LogHasAsync(rig, id, "stdout F tests-host");

        // The pod's network, and figures from the cgroup that was asked for.
        var address = (await rig.Runtime.PodSandboxStatusAsync(new PodSandboxStatusRequest { PodSandboxId = pod }, cancellationToken: Token)).Status.Network.Ip;
        Assert.Contains(address, (await rig.ExecAsync(id, "ip", "addr")).Stdout.ToStringUtf8());
        var stats = (await rig.Runtime.ContainerStatsAsync(new ContainerStatsRequest { ContainerId = id }, cancellationToken: Token)).Stats;
        Assert.True(stats.Memory.WorkingSetBytes.Value > 0 && stats.Cpu.UsageCoreNanoSeconds.Value > 0);

        // Limits go through the runtime and are read back from the kernel.
        await rig.Runtime.UpdateContainerResourcesAsync(
            new UpdateContainerResourcesRequest { ContainerId = id, Linux = new LinuxContainerResources { CpuPeriod = 100_000, CpuQuota = 30_000, MemoryLimitInBytes = 64 << 20 } }, cancellationToken: Token);
        var limits = (await rig.StatusAsync(id)).Resources.Linux;
        Assert.Equal((30_000, 64L << 20), (limits.CpuQuota, limits.MemoryLimitInBytes));
        var cgroup = (await HandlerRig.InfoAsync(rig, id)).GetProperty("cgroupPath").GetString();
        var (file, quota) = CgroupHost.Detect().Version == "v2" ? ($"/sys/fs/cgroup{cgroup}/cpu.max", "30000 100000") : ($"/sys/fs/cgroup/cpu{cgroup}/cpu.cfs_quota_us", "30000");
        Assert.Equal(quota, (await File.ReadAllTextAsync(file, Token)).Trim());

        // Its log goes over to a new file.
        var log = (await rig.StatusAsync(id)).LogPath;
        File.Move(log, log + ".1");
        await rig.Runtime.ReopenContainerLogAsync(new ReopenContainerLogRequest { ContainerId = id }, cancellationToken: Token);
        Assert.True(File.Exists(log));

        await rig.StopAsync(id, 30);
        var end = await rig.StatusAsync(id);
        Assert.Equal((ContainerState.ContainerExited, 3, "Error"), (end.State, end.ExitCode, end.Reason));
        Assert.Contains("stdout F bye", await File.ReadAllTextAsync(log, Token));
        // A container that has ended is ours alone to remember.
        Assert.Empty(await HandlerRig.KnownAsync(suite, handler));

        var killed = await rig.StartAsync(pod, "killed", "sleep", "1000");
        await rig.StopAsync(killed, 0);
        Assert.Equal(137, (await rig.StatusAsync(killed)).ExitCode);
        var quick = await rig.StartAsync(pod, "quick", "sh", "-c", "echo done; exit 7");
        Assert.Equal(7, (await rig.EndOfAsync(quick)).ExitCode);
        Assert.Contains("stdout F done", await File.ReadAllTextAsync((await rig.StatusAsync(quick)).LogPath, Token));
        await rig.StartAsync(pod, "left", "sleep", "1000");
        await rig.RemovePodAsync(pod);
        Assert.Empty(await HandlerRig.KnownAsync(suite, handler));
    }

    private static async Task LogHasAsync(KubernetesRig rig, string container, string line)
    {
        var path = (await rig.StatusAsync(container)).LogPath;
        for (var i = 0; i < 1000 && !(await File.ReadAllTextAsync(path, Token)).Contains(line + "\n"); i++)
            await Task.Delay(10, Token);
        Assert.Contains(line + "\n", await File.ReadAllTextAsync(path, Token));
    }
}
