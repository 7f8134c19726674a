using System.Net;
using Runtime.V1;
using Suite.E2e.Tests.Cli;
using Suite.E2e.Tests.Runtime;
using Suite.Testing.Requirements;
using Suite.Testing.Services;

namespace Suite.E2e.Tests.Network;

/// <summary>Networks as people and kubelets use them: by `suite` and by CRI, seen from inside the containers.</summary>
public sealed class ContainerNetworkTests
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [RootFact(Needs = Need.Executables | Need.Busybox)]
    public async Task Containers_on_a_network_of_ones_own_find_each_other_by_name()
    {
        await using var suite = await SuiteInstance.StartAsync();
        var cli = new CliProcess(suite.Run);
        await BusyboxInstance.BuildAsync(cli, "busybox");
        _ = (await cli.RunAsync("network", "create", "--ipv6", "back")).Good;
        _ = (await cli.RunAsync("run", "-d", "--name", "web", "--network", "back", "busybox", "httpd", "-f", "-p", "80", "-h", "/www")).Good;
        foreach (string name in new[] { "web", "web.back" })
            Assert.Equal("hello from a container\n", (await cli.RunAsync("run", "--rm", "--network", "back", "busybox", "wget", "-qO-", $"http://{name}/")).Output);
        Assert.NotEqual(0, (await cli.RunAsync("run", "--rm", "busybox", "wget", "-T", "2", "-qO-", "http://web/")).ExitCode);
        Assert.Equal("hello from a container\n", (await cli.RunAsync("run", "--rm", "--network", "container:web", "busybox", "wget", "-qO-", "http://127.0.0.1/")).Output);

        // A container is put on the network while it runs, and taken off it.
        _ = (await cli.RunAsync("run", "-d", "--name", "late", "busybox", "sleep", "60")).Good;
        _ = (await cli.RunAsync("network", "connect", "--alias", "later", "back", "late")).Good;
        Assert.Contains("eth1", (await cli.RunAsync("exec", "late", "ip", "address")).Good, StringComparison.Ordinal);
        Assert.Contains("later", (await cli.RunAsync("network", "inspect", "back")).Good, StringComparison.Ordinal);
        _ = (await cli.RunAsync("network", "disconnect", "back", "late")).Good;
        Assert.DoesNotContain("eth1", (await cli.RunAsync("exec", "late", "ip", "link")).Good, StringComparison.Ordinal);

        Assert.Contains("web", (await cli.RunAsync("network", "rm", "back")).Error, StringComparison.Ordinal);
        _ = (await cli.RunAsync("rm", "-f", "web", "late")).Good;
        Assert.Equal("back\n", (await cli.RunAsync("network", "prune", "-f")).Output);
        Assert.Contains("bridge", (await cli.RunAsync("network", "ls")).Good, StringComparison.Ordinal);
    }

    [RootFact(Needs = Need.Executables)]
    public async Task A_pod_tells_both_its_addresses_and_kubelets_ranges_are_taken_over()
    {
        await using var suite = await SuiteInstance.StartAsync();
        var rig = new KubernetesRig(suite);
        string before = await rig.RunPodAsync(rig.PodConfig("before"));
        var status = (await rig.Runtime.PodSandboxStatusAsync(new PodSandboxStatusRequest { PodSandboxId = before }, cancellationToken: Token)).Status.Network;
        Assert.Equal(System.Net.Sockets.AddressFamily.InterNetwork, IPAddress.Parse(status.Ip).AddressFamily);
        Assert.Equal(System.Net.Sockets.AddressFamily.InterNetworkV6, IPAddress.Parse(Assert.Single(status.AdditionalIps).Ip).AddressFamily);

        // While a pod has an address of the range of before, that range stays.
        var ranges = new UpdateRuntimeConfigRequest { RuntimeConfig = new RuntimeConfig { NetworkConfig = new NetworkConfig { PodCidr = "10.255.77.0/24, fd53:77::/64" } } };
        await rig.Runtime.UpdateRuntimeConfigAsync(ranges, cancellationToken: Token);
        await rig.Runtime.StopPodSandboxAsync(new StopPodSandboxRequest { PodSandboxId = before }, cancellationToken: Token);
        string after = await rig.RunPodAsync(rig.PodConfig("after"));
        status = (await rig.Runtime.PodSandboxStatusAsync(new PodSandboxStatusRequest { PodSandboxId = after }, cancellationToken: Token)).Status.Network;
        Assert.StartsWith("10.255.77.", status.Ip, StringComparison.Ordinal);
        Assert.StartsWith("fd53:77::", status.AdditionalIps[0].Ip, StringComparison.Ordinal);
    }

    [RootFact(Needs = Need.Executables)]
    public async Task Readiness_of_plugins_is_CRIs_NetworkReady()
    {
        await using var suite = await SuiteInstance.StartAsync();
        var rig = new KubernetesRig(suite);
        Assert.True((await ConditionAsync(rig)).Status);
        string folder = Directory.CreateDirectory(Path.Combine(suite.Config, "cni", "net.d")).FullName;
        await File.WriteAllTextAsync(Path.Combine(folder, "10-absent.conflist"), """{"cniVersion":"1.0.0","name":"absent","plugins":[{"type":"no-such-plugin"}]}""", Token);
        var condition = await ConditionAsync(rig);
        Assert.Equal((false, "NetworkPluginNotReady"), (condition.Status, condition.Reason));
        Assert.StartsWith("Network plugin returns error: ", condition.Message, StringComparison.Ordinal);
        Directory.Delete(Path.Combine(suite.Config, "cni"), recursive: true);
        Assert.True((await ConditionAsync(rig)).Status);
    }

    private static async Task<RuntimeCondition> ConditionAsync(KubernetesRig rig) =>
        (await rig.Runtime.StatusAsync(new StatusRequest(), cancellationToken: Token)).Status.Conditions.Single(condition => condition.Type == "NetworkReady");
}
