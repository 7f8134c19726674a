using System.Text.Json;
using Grpc.Core;
using Runtime.V1;
using Suite.Testing.Requirements;
using Suite.Testing.Services;

namespace Suite.E2e.Tests.Runtime;

/// <summary>Limits: set, changed in place, and told as the kernel has them.</summary>
public sealed class ResourceTests
{
    private const Need Needs = Need.Executables | Need.Busybox;

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [RootFact(Needs = Needs)]
    public async Task Limits_change_in_place_and_the_status_tells_what_the_kernel_has()
    {
        await using var suite = await SuiteInstance.StartAsync();
        var rig = new KubernetesRig(suite);
        await rig.BuildImageAsync();
        var pod = await rig.RunPodAsync();
        var config = KubernetesRig.ContainerConfig("main", "sleep", "1000");
        config.Linux.Resources = new LinuxContainerResources { MemoryLimitInBytes = 64 << 20, MemorySwapLimitInBytes = 64 << 20, CpuPeriod = 100_000, CpuQuota = 20_000, CpuShares = 512 };
        var id = await rig.CreateAsync(pod, config);
        Assert.Equal(config.Linux.Resources, (await rig.StatusAsync(id)).Resources.Linux);

        // Before the start: kept, and in force with it.
        await UpdateAsync(rig, id, new LinuxContainerResources { CpuShares = 256 });
        await rig.Runtime.StartContainerAsync(new StartContainerRequest { ContainerId = id }, cancellationToken: Token);
        var told = (await rig.StatusAsync(id)).Resources.Linux;
        Assert.Equal((64L << 20, 64L << 20, 20_000, 256), (told.MemoryLimitInBytes, told.MemorySwapLimitInBytes, told.CpuQuota, told.CpuShares));

        // Up, beyond the old limit of memory and swap together; then down again.
        foreach (var megabytes in (long[])[256, 32])
        {
            await UpdateAsync(rig, id, new LinuxContainerResources { MemoryLimitInBytes = megabytes << 20, MemorySwapLimitInBytes = megabytes << 20, CpuQuota = 50_000 });
            told = (await rig.StatusAsync(id)).Resources.Linux;
            Assert.Equal((megabytes << 20, 50_000, 256), (told.MemoryLimitInBytes, told.CpuQuota, told.CpuShares));
            Assert.Equal(megabytes << 20, await MemoryLimitAsync(rig, id));
        }

        // Somebody else writes to the kernel's file: that is what is told.
        await File.WriteAllTextAsync(await CgroupFileAsync(rig, id, "cpu", "cpu.cfs_quota_us"), "30000", Token);
        Assert.Equal(30_000, (await rig.StatusAsync(id)).Resources.Linux.CpuQuota);
        // What is no whole number of pages is told as it was asked for.
        await UpdateAsync(rig, id, new LinuxContainerResources { MemoryLimitInBytes = 100_000_000, MemorySwapLimitInBytes = 100_000_000 });
        Assert.Equal(100_000_000, (await rig.StatusAsync(id)).Resources.Linux.MemoryLimitInBytes);
        await rig.RemovePodAsync(pod);
    }

    [RootFact(Needs = Needs)]
    public async Task A_limit_below_the_usage_is_refused_and_the_old_one_stays()
    {
        await using var suite = await SuiteInstance.StartAsync();
        var rig = new KubernetesRig(suite);
        await rig.BuildImageAsync();
        var pod = await rig.RunPodAsync();
        // In /dev/shm, which is memory that cannot be dropped.
        var config = KubernetesRig.ContainerConfig("main", "sh", "-c", "dd if=/dev/zero of=/dev/shm/x bs=1M count=20; touch /done; sleep 1000");
        config.Linux.Resources = new LinuxContainerResources { MemoryLimitInBytes = 64 << 20 };
        var id = await rig.CreateAsync(pod, config);
        await rig.Runtime.StartContainerAsync(new StartContainerRequest { ContainerId = id }, cancellationToken: Token);
        while ((await rig.ExecAsync(id, "ls", "/done")).ExitCode != 0)
            await Task.Delay(20, Token);

        var refused = await KubernetesRig.FailsAsync(StatusCode.FailedPrecondition, () => UpdateAsync(rig, id, new LinuxContainerResources { MemoryLimitInBytes = 10 << 20 }));
        Assert.Contains("main", refused.Status.Detail);
        Assert.Equal(64L << 20, (await rig.StatusAsync(id)).Resources.Linux.MemoryLimitInBytes);
        Assert.Equal(64L << 20, await MemoryLimitAsync(rig, id));
        Assert.Equal(ContainerState.ContainerRunning, (await rig.StatusAsync(id)).State);

        await KubernetesRig.FailsAsync(StatusCode.InvalidArgument, () => UpdateAsync(rig, id, new LinuxContainerResources { CpuPeriod = 1 }));
        await KubernetesRig.FailsAsync(StatusCode.NotFound, () => UpdateAsync(rig, "0123", new LinuxContainerResources { CpuShares = 2 }));
        await rig.StopAsync(id, 0);
        await KubernetesRig.FailsAsync(StatusCode.FailedPrecondition, () => UpdateAsync(rig, id, new LinuxContainerResources { CpuShares = 2 }));
        await rig.RemovePodAsync(pod);
    }

    [RootFact(Needs = Needs)]
    public async Task A_container_over_its_memory_is_killed_and_said_to_be()
    {
        await using var suite = await SuiteInstance.StartAsync();
        var rig = new KubernetesRig(suite);
        await rig.BuildImageAsync();
        var pod = await rig.RunPodAsync();
        var config = KubernetesRig.ContainerConfig("main", "dd", "if=/dev/zero", "of=/dev/null", "bs=20M");
        config.Linux.Resources = new LinuxContainerResources { MemoryLimitInBytes = 15 << 20, MemorySwapLimitInBytes = 15 << 20 };
        var id = await rig.CreateAsync(pod, config);
        await rig.Runtime.StartContainerAsync(new StartContainerRequest { ContainerId = id }, cancellationToken: Token);
        var end = await rig.EndOfAsync(id);
        Assert.Equal((137, "OOMKilled"), (end.ExitCode, end.Reason));
        await rig.RemovePodAsync(pod);
    }

    [RootFact(Needs = Needs)]
    public async Task What_is_told_of_a_pods_resources_is_kept_and_shown()
    {
        await using var suite = await SuiteInstance.StartAsync();
        var rig = new KubernetesRig(suite);
        await rig.BuildImageAsync();
        var config = rig.PodConfig();
        config.Linux.Overhead = new LinuxContainerResources { MemoryLimitInBytes = 1 << 20 };
        var pod = await rig.RunPodAsync(config);
        var request = new UpdatePodSandboxResourcesRequest { PodSandboxId = pod, Resources = new LinuxContainerResources { MemoryLimitInBytes = 5 << 20 } };
        await rig.Runtime.UpdatePodSandboxResourcesAsync(request, cancellationToken: Token);
        await suite.RestartAsync("runtime");
        var info = await InfoAsync(rig, pod);
        Assert.Equal((1L << 20, 5L << 20), (Limit(info, "overhead"), Limit(info, "resources")));
        Assert.True(info.GetProperty("pid").GetInt32() > 0);

        var id = await rig.StartAsync(pod, "main", "sleep", "1000");
        var status = await rig.Runtime.ContainerStatusAsync(new ContainerStatusRequest { ContainerId = id, Verbose = true }, cancellationToken: Token);
        var container = JsonDocument.Parse(status.Info["info"]).RootElement;
        Assert.Equal(pod, container.GetProperty("sandboxID").GetString());
        Assert.True(Directory.Exists($"/proc/{container.GetProperty("pid").GetInt32()}"));
        Assert.Equal("sleep", container.GetProperty("runtimeSpec").GetProperty("process").GetProperty("args")[0].GetString());

        await rig.Runtime.StopPodSandboxAsync(new StopPodSandboxRequest { PodSandboxId = pod }, cancellationToken: Token);
        await KubernetesRig.FailsAsync(StatusCode.FailedPrecondition, () => rig.Runtime.UpdatePodSandboxResourcesAsync(request, cancellationToken: Token).ResponseAsync);
        request.PodSandboxId = "0123";
        await KubernetesRig.FailsAsync(StatusCode.NotFound, () => rig.Runtime.UpdatePodSandboxResourcesAsync(request, cancellationToken: Token).ResponseAsync);
        await rig.RemovePodAsync(pod);

        static long Limit(JsonElement info, string name) => info.GetProperty(name).GetProperty("memoryLimitInBytes").GetInt64();
    }

    private static async Task<JsonElement> InfoAsync(KubernetesRig rig, string pod) => JsonDocument.Parse(
        (await rig.Runtime.PodSandboxStatusAsync(new PodSandboxStatusRequest { PodSandboxId = pod, Verbose = true }, cancellationToken: Token)).Info["info"]).RootElement;

    private static async Task<long> MemoryLimitAsync(KubernetesRig rig, string id) =>
        long.Parse(await File.ReadAllTextAsync(await CgroupFileAsync(rig, id, "memory", "memory.limit_in_bytes"), Token), System.Globalization.CultureInfo.InvariantCulture);

    /// <summary>A file of a container's cgroup on a v1 or hybrid machine.</summary>
    private static async Task<string> CgroupFileAsync(KubernetesRig rig, string id, string controller, string file)
    {
        var status = await rig.Runtime.ContainerStatusAsync(new ContainerStatusRequest { ContainerId = id, Verbose = true }, cancellationToken: Token);
        return $"/sys/fs/cgroup/{controller}{JsonDocument.Parse(status.Info["info"]).RootElement.GetProperty("cgroupPath").GetString()}/{file}";
    }

    private static Task UpdateAsync(KubernetesRig rig, string id, LinuxContainerResources resources) =>
        rig.Runtime.UpdateContainerResourcesAsync(new UpdateContainerResourcesRequest { ContainerId = id, Linux = resources }, cancellationToken: Token).ResponseAsync;
}
