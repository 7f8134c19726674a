using Grpc.Core;
using Runtime.V1;
using Suite.Testing.Requirements;
using Suite.Testing.Services;

namespace Suite.E2e.Tests.Runtime;

/// <summary>Pods over CRI, from kubelet's side.</summary>
public sealed class PodLifecycleTests
{
    private const Need Needs = Need.Executables | Need.Busybox;

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [RootFact(Needs = Needs)]
    public async Task A_pod_is_run_seen_stopped_and_removed()
    {
        await using var suite = await SuiteInstance.StartAsync();
        var rig = new KubernetesRig(suite);
        var config = rig.PodConfig();
        config.Labels["app"] = "web";
        config.Annotations["note"] = "kept";

        var id = await rig.RunPodAsync(config);
        var status = (await rig.Runtime.PodSandboxStatusAsync(new PodSandboxStatusRequest { PodSandboxId = id }, cancellationToken: Token)).Status;
        Assert.Equal(PodSandboxState.SandboxReady, status.State);
        Assert.Equal(config.Metadata, status.Metadata);
        Assert.Equal(config.Labels, status.Labels);
        Assert.Equal(config.Annotations, status.Annotations);
        Assert.True(System.Net.IPAddress.TryParse(status.Network.Ip, out _), $"'{status.Network.Ip}' is no address");
        Assert.True(status.CreatedAt > 0);

        await rig.Runtime.StopPodSandboxAsync(new StopPodSandboxRequest { PodSandboxId = id }, cancellationToken: Token);
        await rig.Runtime.StopPodSandboxAsync(new StopPodSandboxRequest { PodSandboxId = id }, cancellationToken: Token);
        var listed = Assert.Single((await rig.Runtime.ListPodSandboxAsync(new ListPodSandboxRequest { Filter = new PodSandboxFilter { Id = id[..8] } }, cancellationToken: Token)).Items);
        Assert.Equal(PodSandboxState.SandboxNotready, listed.State);

        await rig.RemovePodAsync(id);
        await rig.RemovePodAsync(id);
        Assert.Empty((await rig.Runtime.ListPodSandboxAsync(new ListPodSandboxRequest(), cancellationToken: Token)).Items);
        await KubernetesRig.FailsAsync(StatusCode.NotFound, () => rig.Runtime.PodSandboxStatusAsync(new PodSandboxStatusRequest { PodSandboxId = id }, cancellationToken: Token).ResponseAsync);
    }

    [RootFact(Needs = Needs)]
    public async Task A_repeated_call_joins_or_gets_the_pod_that_is_there()
    {
        await using var suite = await SuiteInstance.StartAsync();
        var rig = new KubernetesRig(suite);
        var config = rig.PodConfig();
        var ids = await Task.WhenAll(Enumerable.Range(0, 8).Select(_ => rig.RunPodAsync(config)));
        Assert.Single(ids.Distinct());
        Assert.Equal(ids[0], await rig.RunPodAsync(config));
        await rig.RemovePodAsync(ids[0]);
        var again = await rig.RunPodAsync(config);
        Assert.NotEqual(ids[0], again);
        await rig.RemovePodAsync(again);
    }

    [RootFact(Needs = Needs)]
    public async Task A_pod_on_the_hosts_network_has_no_address_of_its_own()
    {
        await using var suite = await SuiteInstance.StartAsync();
        var rig = new KubernetesRig(suite);
        var config = rig.PodConfig();
        config.Hostname = "";
        config.Linux.SecurityContext = new LinuxSandboxSecurityContext { NamespaceOptions = new NamespaceOption { Network = NamespaceMode.Node } };
        var id = await rig.RunPodAsync(config);
        var status = (await rig.Runtime.PodSandboxStatusAsync(new PodSandboxStatusRequest { PodSandboxId = id }, cancellationToken: Token)).Status;
        Assert.Equal("", status.Network.Ip);
        Assert.Equal(NamespaceMode.Node, status.Linux.Namespaces.Options.Network);
        await rig.RemovePodAsync(id);
    }

    [RootFact(Needs = Needs)]
    public async Task What_is_not_right_is_refused_and_leaves_nothing()
    {
        await using var suite = await SuiteInstance.StartAsync();
        var rig = new KubernetesRig(suite);
        await KubernetesRig.FailsAsync(StatusCode.InvalidArgument, () => rig.Runtime.RunPodSandboxAsync(new RunPodSandboxRequest(), cancellationToken: Token).ResponseAsync);
        await KubernetesRig.FailsAsync(StatusCode.InvalidArgument, () => rig.Runtime.RunPodSandboxAsync(new RunPodSandboxRequest { Config = rig.PodConfig(), RuntimeHandler = "kata" }, cancellationToken: Token).ResponseAsync);
        var config = rig.PodConfig();
        config.Linux.Sysctls["vm.swappiness"] = "1";
        await KubernetesRig.FailsAsync(StatusCode.InvalidArgument, () => rig.RunPodAsync(config));
        Assert.Empty((await rig.Runtime.ListPodSandboxAsync(new ListPodSandboxRequest(), cancellationToken: Token)).Items);
    }

    [RootFact(Needs = Needs)]
    public async Task Without_the_network_service_a_pod_fails_with_its_name_and_can_be_run_later()
    {
        await using var suite = await SuiteInstance.StartAsync();
        var rig = new KubernetesRig(suite);
        await suite.Service("network").StopAsync();
        var config = rig.PodConfig();
        var failure = await KubernetesRig.FailsAsync(StatusCode.Unavailable, () => rig.RunPodAsync(config));
        Assert.Contains("suite-network", failure.Status.Detail);
        var conditions = (await rig.Runtime.StatusAsync(new StatusRequest(), cancellationToken: Token)).Status.Conditions;
        Assert.False(conditions.Single(condition => condition.Type == "NetworkReady").Status);
        await suite.StartServiceAsync("network");
        await rig.RemovePodAsync(await rig.RunPodAsync(config));
    }

    [RootFact(Needs = Needs)]
    public async Task The_runtime_says_what_it_is()
    {
        await using var suite = await SuiteInstance.StartAsync();
        var version = await suite.Runtime.VersionAsync(new VersionRequest(), cancellationToken: Token);
        Assert.Equal(("0.1.0", "suite", "v1"), (version.Version, version.RuntimeName, version.RuntimeApiVersion));
        Assert.NotEmpty(version.RuntimeVersion);
        Assert.Equal(CgroupDriver.Cgroupfs, (await suite.Runtime.RuntimeConfigAsync(new RuntimeConfigRequest(), cancellationToken: Token)).Linux.CgroupDriver);
        Assert.All((await suite.Runtime.StatusAsync(new StatusRequest(), cancellationToken: Token)).Status.Conditions, condition => Assert.True(condition.Status, condition.Message));
        await KubernetesRig.FailsAsync(StatusCode.Unimplemented, () => suite.Runtime.CheckpointContainerAsync(new CheckpointContainerRequest(), cancellationToken: Token).ResponseAsync);
    }
}
