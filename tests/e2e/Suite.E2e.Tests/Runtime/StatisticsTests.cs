using Grpc.Core;
using Runtime.V1;
using Suite.Testing.Requirements;
using Suite.Testing.Services;

namespace Suite.E2e.Tests.Runtime;

/// <summary>What pods and containers use, from kubelet's side.</summary>
public sealed class StatisticsTests
{
    private const Need Needs = Need.Executables | Need.Busybox;

    /// <summary>Samples that depend on the disk under the test machine (cri-tools pkg/validate/pod.go), and on what this container does.</summary>
    private static readonly string[] MayHaveNoSample =
    [
        "container_blkio_device_usage_total", "container_fs_reads_bytes_total", "container_fs_reads_total", "container_fs_writes_bytes_total", "container_fs_writes_total",
        "container_hugetlb_max_usage_bytes", "container_hugetlb_usage_bytes", "container_pressure_cpu_stalled_seconds_total", "container_pressure_cpu_waiting_seconds_total",
        "container_pressure_io_stalled_seconds_total", "container_pressure_io_waiting_seconds_total", "container_pressure_memory_stalled_seconds_total",
        "container_pressure_memory_waiting_seconds_total", "container_spec_cpu_quota", "container_spec_memory_reservation_limit_bytes", "container_ulimits_soft",
    ];

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [RootFact(Needs = Needs)]
    public async Task Containers_are_counted_alone_by_filter_and_in_a_stream()
    {
        await using var suite = await SuiteInstance.StartAsync();
        var rig = new KubernetesRig(suite);
        await rig.BuildImageAsync();
        var pod = await rig.RunPodAsync();
        var config = KubernetesRig.ContainerConfig("busy", "sh", "-c", "dd if=/dev/zero of=/written bs=1k count=100; while :; do :; done");
        config.Labels["which"] = "busy";
        config.Linux.Resources = new LinuxContainerResources { MemoryLimitInBytes = 64 << 20 };
        var busy = await rig.CreateAsync(pod, config);
        await rig.Runtime.StartContainerAsync(new StartContainerRequest { ContainerId = busy }, cancellationToken: Token);
        var idle = await rig.StartAsync(pod, "idle", "sleep", "1000");
        var created = await rig.CreateAsync(pod, KubernetesRig.ContainerConfig("created", "true"));

        var stats = await UntilAsync(
            async () => (await rig.Runtime.ContainerStatsAsync(new ContainerStatsRequest { ContainerId = busy }, cancellationToken: Token)).Stats,
            found => found.Cpu.UsageCoreNanoSeconds.Value > 10_000_000);
        Assert.Equal((busy, "busy", "busy"), (stats.Attributes.Id, stats.Attributes.Metadata.Name, stats.Attributes.Labels["which"]));
        Assert.All([stats.Cpu.Timestamp, stats.Memory.Timestamp, stats.WritableLayer.Timestamp, stats.Swap.Timestamp], timestamp => Assert.True(timestamp > 0));
        Assert.InRange(stats.Memory.UsageBytes.Value, 4096UL, 64UL << 20);
        Assert.Equal((64UL << 20) - stats.Memory.WorkingSetBytes.Value, stats.Memory.AvailableBytes.Value);
        Assert.True(stats.Memory.PageFaults.Value > 0);
        Assert.NotEmpty(stats.WritableLayer.FsId.Mountpoint);

        // The rate is what happened since the first look.
        var rate = await UntilAsync(
            async () => (await rig.Runtime.ContainerStatsAsync(new ContainerStatsRequest { ContainerId = busy }, cancellationToken: Token)).Stats.Cpu.UsageNanoCores,
            found => found is not null);
        Assert.InRange(rate.Value, 1UL, 1_500_000_000UL);

        var both = new[] { busy, idle }.Order().ToArray();
        Assert.Equal(both, (await ListAsync(null)).Order());
        Assert.Equal([idle], await ListAsync(new ContainerStatsFilter { Id = idle[..10] }));
        Assert.Equal([busy], await ListAsync(new ContainerStatsFilter { LabelSelector = { ["which"] = "busy" } }));
        Assert.Equal(both, (await ListAsync(new ContainerStatsFilter { PodSandboxId = pod })).Order());
        Assert.Empty(await ListAsync(new ContainerStatsFilter { PodSandboxId = "0000" }));
        var streamed = new List<string>();
        using (var call = rig.Runtime.StreamContainerStats(new StreamContainerStatsRequest(), cancellationToken: Token))
        {
            await foreach (var part in call.ResponseStream.ReadAllAsync(Token))
                streamed.AddRange(part.ContainerStats.Select(item => item.Attributes.Id));
        }
        Assert.Equal(both, streamed.Order());
        Assert.Null((await rig.Runtime.ContainerStatsAsync(new ContainerStatsRequest { ContainerId = created }, cancellationToken: Token)).Stats.Cpu);
        await KubernetesRig.FailsAsync(StatusCode.NotFound, () => rig.Runtime.ContainerStatsAsync(new ContainerStatsRequest { ContainerId = "0123" }, cancellationToken: Token).ResponseAsync);
        await rig.RemovePodAsync(pod);

        async Task<IEnumerable<string>> ListAsync(ContainerStatsFilter? filter) =>
            (await rig.Runtime.ListContainerStatsAsync(new ListContainerStatsRequest { Filter = filter }, cancellationToken: Token)).Stats.Select(item => item.Attributes.Id);
    }

    [RootFact(Needs = Needs)]
    public async Task A_pod_is_the_sum_of_its_containers_with_its_network()
    {
        await using var suite = await SuiteInstance.StartAsync();
        var rig = new KubernetesRig(suite);
        await rig.BuildImageAsync();
        var config = rig.PodConfig();
        config.Labels["app"] = "web";
        var pod = await rig.RunPodAsync(config);
        var host = rig.PodConfig();
        host.Linux.SecurityContext = new LinuxSandboxSecurityContext { NamespaceOptions = new NamespaceOption { Network = NamespaceMode.Node } };
        host.Hostname = "";
        var other = await rig.RunPodAsync(host);
        var id = await rig.StartAsync(pod, "main", "sleep", "1000");

        var stats = (await rig.Runtime.PodSandboxStatsAsync(new PodSandboxStatsRequest { PodSandboxId = pod }, cancellationToken: Token)).Stats;
        Assert.Equal((pod, config.Metadata, "web"), (stats.Attributes.Id, stats.Attributes.Metadata, stats.Attributes.Labels["app"]));
        Assert.Equal("eth0", stats.Linux.Network.DefaultInterface.Name);
        Assert.Equal(1UL, stats.Linux.Process.ProcessCount.Value);
        var container = Assert.Single(stats.Linux.Containers);
        Assert.Equal(id, container.Attributes.Id);
        // v1 counts a pod's memory in batches for each CPU (memory.rst, 5.5), so that it may be behind by some.
        Assert.True(stats.Linux.Memory.UsageBytes.Value + (1 << 20) >= container.Memory.UsageBytes.Value);
        Assert.True(stats.Linux.Cpu.UsageCoreNanoSeconds.Value >= container.Cpu.UsageCoreNanoSeconds.Value);
        Assert.Null((await rig.Runtime.PodSandboxStatsAsync(new PodSandboxStatsRequest { PodSandboxId = other }, cancellationToken: Token)).Stats.Linux.Network);

        Assert.Equal(2, (await rig.Runtime.ListPodSandboxStatsAsync(new ListPodSandboxStatsRequest(), cancellationToken: Token)).Stats.Count);
        var filter = new PodSandboxStatsFilter { LabelSelector = { ["app"] = "web" } };
        Assert.Equal(pod, Assert.Single((await rig.Runtime.ListPodSandboxStatsAsync(new ListPodSandboxStatsRequest { Filter = filter }, cancellationToken: Token)).Stats).Attributes.Id);
        using (var call = rig.Runtime.StreamPodSandboxStats(new StreamPodSandboxStatsRequest { Filter = filter }, cancellationToken: Token))
            Assert.Equal(pod, Assert.Single((await call.ResponseStream.ReadAllAsync(Token).ToListAsync(Token)).SelectMany(part => part.PodSandboxStats)).Attributes.Id);
        await rig.RemovePodAsync(pod);
        await rig.RemovePodAsync(other);
    }

    [RootFact(Needs = Needs)]
    public async Task Every_metric_that_is_described_has_a_sample_with_a_value_for_each_label()
    {
        await using var suite = await SuiteInstance.StartAsync();
        var rig = new KubernetesRig(suite);
        await rig.BuildImageAsync();
        var pod = await rig.RunPodAsync();
        // As critest makes it.
        var config = KubernetesRig.ContainerConfig("main", "sh", "-c", "i=0; while [ $i -lt 10 ]; do echo $i >/file$i; i=$((i+1)); done; sleep 1000");
        config.Linux.Resources = new LinuxContainerResources { CpuPeriod = 100_000, CpuQuota = 20_000, CpuShares = 1024, MemoryLimitInBytes = 64 << 20, MemorySwapLimitInBytes = 64 << 20 };
        var id = await rig.CreateAsync(pod, config);
        await rig.Runtime.StartContainerAsync(new StartContainerRequest { ContainerId = id }, cancellationToken: Token);

        var descriptors = (await rig.Runtime.ListMetricDescriptorsAsync(new ListMetricDescriptorsRequest(), cancellationToken: Token)).Descriptors.ToDictionary(descriptor => descriptor.Name);
        var metrics = Assert.Single((await rig.Runtime.ListPodSandboxMetricsAsync(new ListPodSandboxMetricsRequest(), cancellationToken: Token)).PodMetrics);
        Assert.Equal(pod, metrics.PodSandboxId);
        var container = Assert.Single(metrics.ContainerMetrics);
        Assert.Equal(id, container.ContainerId);
        var samples = metrics.Metrics.Concat(container.Metrics).ToLookup(metric => metric.Name);
        Assert.Equal([], descriptors.Keys.Except(MayHaveNoSample).Where(name => !samples.Contains(name)));
        Assert.All(samples.SelectMany(group => group), sample =>
        {
            Assert.Equal(descriptors[sample.Name].LabelKeys.Count, sample.LabelValues.Count);
            Assert.True(sample.Timestamp > 0);
        });

        ulong Value(string name) => samples[name].First().Value.Value;
        Assert.Equal((64UL << 20, 100_000UL, 20_000UL, 1024UL), (Value("container_spec_memory_limit_bytes"), Value("container_spec_cpu_period"), Value("container_spec_cpu_quota"), Value("container_spec_cpu_shares")));
        Assert.Equal(1UL, Value("container_processes"));
        var sample = container.Metrics.First(metric => metric.Name == "container_memory_usage_bytes");
        var labels = descriptors[sample.Name].LabelKeys.Zip(sample.LabelValues).ToDictionary(pair => pair.First, pair => pair.Second);
        Assert.Equal((id, "tests", "pod", "main", KubernetesRig.Image), (labels["name"], labels["namespace"], labels["pod"], labels["container"], labels["image"]));
        using (var call = rig.Runtime.StreamPodSandboxMetrics(new StreamPodSandboxMetricsRequest(), cancellationToken: Token))
            Assert.Equal(pod, Assert.Single((await call.ResponseStream.ReadAllAsync(Token).ToListAsync(Token)).SelectMany(part => part.PodSandboxMetrics)).PodSandboxId);
        await rig.RemovePodAsync(pod);
    }

    private static async Task<T> UntilAsync<T>(Func<Task<T>> look, Func<T, bool> enough)
    {
        while (true)
        {
            var found = await look();
            if (enough(found))
                return found;
            await Task.Delay(50, Token);
        }
    }
}
