using System.Diagnostics;
using System.Net.Sockets;
using Grpc.Core;
using Runtime.V1;
using Suite.Testing.Requirements;
using Suite.Testing.Services;

namespace Suite.E2e.Tests.Runtime;

/// <summary>What pods share with the host when they ask for it, and what they set for themselves.</summary>
public sealed class HostSharingTests
{
    private const Need Needs = Need.Executables | Need.Busybox;

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [RootFact(Needs = Needs)]
    public async Task Processes_ipc_and_network_of_the_host_are_seen_when_asked_for_and_only_then()
    {
        await using var suite = await SuiteInstance.StartAsync();
        var rig = new KubernetesRig(suite);
        await rig.BuildImageAsync();
        string[] kinds = ["pid", "ipc", "net", "uts"];
        var own = await NamespacesAsync(new NamespaceOption { Pid = NamespaceMode.Container });
        var hosts = await NamespacesAsync(new NamespaceOption { Pid = NamespaceMode.Node, Ipc = NamespaceMode.Node, Network = NamespaceMode.Node });
        foreach (var (kind, i) in kinds.Select((kind, i) => (kind, i)))
        {
            var here = new FileInfo($"/proc/self/ns/{kind}").LinkTarget;
            Assert.True(hosts[i] == here && own[i] != here, $"{kind}: the host's {here}, asked for {hosts[i]}, not asked for {own[i]}");
        }

        // A container without the host's processes does not see them, and one with them does.
        async Task<string[]> NamespacesAsync(NamespaceOption options)
        {
            var config = rig.PodConfig();
            config.Hostname = options.Network == NamespaceMode.Node ? "" : config.Hostname;
            config.Linux.SecurityContext = new LinuxSandboxSecurityContext { NamespaceOptions = options };
            var pod = await rig.RunPodAsync(config);
            var container = KubernetesRig.ContainerConfig("main", "sleep", "1000");
            container.Linux.SecurityContext.NamespaceOptions = options;
            var id = await rig.CreateAsync(pod, container);
            await rig.Runtime.StartContainerAsync(new StartContainerRequest { ContainerId = id }, cancellationToken: Token);
            var links = await Task.WhenAll(kinds.Select(async kind => (await rig.ExecAsync(id, "/bin/busybox", "readlink", $"/proc/self/ns/{kind}")).Stdout.ToStringUtf8().Trim()));
            Assert.Equal(options.Pid == NamespaceMode.Node, (await rig.ExecAsync(id, "ps")).Stdout.ToStringUtf8().Contains("suite-runtime"));
            await rig.RemovePodAsync(pod);
            return links;
        }
    }

    [RootTheory(Needs = Needs)]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Settings_of_the_kernel_are_the_pods_alone(bool withUsers)
    {
        await using var suite = await SuiteInstance.StartAsync(withUsers ? "sysctlu" : "sysctlp", new Dictionary<string, string>());
        var rig = new KubernetesRig(suite);
        await rig.BuildImageAsync();
        var map = new IDMapping { ContainerId = 0, HostId = 100_000, Length = 65_536 };
        var options = new NamespaceOption { Pid = NamespaceMode.Container };
        if (withUsers)
            options.UsernsOptions = new UserNamespace { Mode = NamespaceMode.Pod, Uids = { map }, Gids = { map } };
        var config = rig.PodConfig();
        config.Linux.SecurityContext = new LinuxSandboxSecurityContext { NamespaceOptions = options };
        config.Linux.Sysctls["kernel.shm_rmid_forced"] = "1";
        config.Linux.Sysctls["fs.mqueue.msg_max"] = "100";
        config.Linux.Sysctls["net.ipv4.ip_unprivileged_port_start"] = "79";
        config.Linux.Sysctls["net.core.somaxconn"] = "99";
        var pod = await rig.RunPodAsync(config);
        var container = KubernetesRig.ContainerConfig("main", "sleep", "1000");
        container.Linux.SecurityContext.NamespaceOptions = options;
        var id = await rig.CreateAsync(pod, container);
        await rig.Runtime.StartContainerAsync(new StartContainerRequest { ContainerId = id }, cancellationToken: Token);
        string[] files = ["kernel/shm_rmid_forced", "fs/mqueue/msg_max", "net/ipv4/ip_unprivileged_port_start", "net/core/somaxconn"];
        Assert.Equal("1\n100\n79\n99\n", (await rig.ExecAsync(id, ["cat", .. files.Select(file => $"/proc/sys/{file}")])).Stdout.ToStringUtf8());
        Assert.NotEqual("79", (await File.ReadAllTextAsync("/proc/sys/net/ipv4/ip_unprivileged_port_start", Token)).Trim());
        await rig.RemovePodAsync(pod);

        config = rig.PodConfig("wrong");
        config.Linux.Sysctls["net.ipv4.no_such_setting"] = "1";
        await KubernetesRig.FailsAsync(StatusCode.NotFound, () => rig.RunPodAsync(config));
        Assert.Empty((await rig.Runtime.ListPodSandboxAsync(new ListPodSandboxRequest(), cancellationToken: Token)).Items);
    }

    [RootFact(Needs = Needs)]
    public async Task Users_of_a_pods_own_go_with_the_hosts_network()
    {
        await using var suite = await SuiteInstance.StartAsync();
        var rig = new KubernetesRig(suite);
        await rig.BuildImageAsync();
        Assert.True((await rig.Runtime.StatusAsync(new StatusRequest(), cancellationToken: Token)).Features.UserNamespacesHostNetwork);
        var map = new IDMapping { ContainerId = 0, HostId = 100_000, Length = 65_536 };
        var options = new NamespaceOption { Pid = NamespaceMode.Container, Network = NamespaceMode.Node, UsernsOptions = new UserNamespace { Mode = NamespaceMode.Pod, Uids = { map }, Gids = { map } } };
        var config = rig.PodConfig();
        config.Hostname = "";
        config.Linux.SecurityContext = new LinuxSandboxSecurityContext { NamespaceOptions = options };
        var pod = await rig.RunPodAsync(config);
        var container = KubernetesRig.ContainerConfig("main", "sleep", "1000");
        container.Linux.SecurityContext.NamespaceOptions = options;
        var id = await rig.CreateAsync(pod, container);
        await rig.Runtime.StartContainerAsync(new StartContainerRequest { ContainerId = id }, cancellationToken: Token);
        Assert.Equal(new FileInfo("/proc/self/ns/net").LinkTarget, (await rig.ExecAsync(id, "/bin/busybox", "readlink", "/proc/self/ns/net")).Stdout.ToStringUtf8().Trim());
        Assert.NotEqual(new FileInfo("/proc/self/ns/user").LinkTarget, (await rig.ExecAsync(id, "/bin/busybox", "readlink", "/proc/self/ns/user")).Stdout.ToStringUtf8().Trim());
        // Root there has no rights over a network that is not its own.
        Assert.NotEqual(0, (await rig.ExecAsync(id, "ip", "link", "add", "dummy-of-pod", "type", "dummy")).ExitCode);
        Assert.Equal("", (await rig.Runtime.PodSandboxStatusAsync(new PodSandboxStatusRequest { PodSandboxId = pod }, cancellationToken: Token)).Status.Network.Ip);
        await rig.RemovePodAsync(pod);
    }

    [RootFact(Needs = Needs)]
    public async Task A_host_port_leads_into_the_pod_from_the_host_itself()
    {
        await using var suite = await SuiteInstance.StartAsync();
        var rig = new KubernetesRig(suite);
        await rig.BuildImageAsync();
        var port = LoopbackPort.Free();
        var config = rig.PodConfig();
        config.PortMappings.Add(new PortMapping { ContainerPort = 8080, HostPort = port, Protocol = Protocol.Tcp });
        var pod = await rig.RunPodAsync(config);
        await rig.StartAsync(pod, "server", "/bin/busybox", "nc", "-ll", "-p", "8080", "-e", "/bin/echo", "hello from the pod");
        var address = (await rig.Runtime.PodSandboxStatusAsync(new PodSandboxStatusRequest { PodSandboxId = pod }, cancellationToken: Token)).Status.Network.Ip;
        Assert.Contains("hello", await AskAsync(address, 8080));
        Assert.Contains("hello", await AskAsync("127.0.0.1", port));
        await rig.RemovePodAsync(pod);
        await Assert.ThrowsAnyAsync<SocketException>(() => OnceAsync("127.0.0.1", port));
    }

    // Until the server in the container listens.
    private static async Task<string> AskAsync(string address, int port)
    {
        var started = Stopwatch.GetTimestamp();
        while (true)
        {
            try
            {
                return await OnceAsync(address, port);
            }
            catch (SocketException) when (Stopwatch.GetElapsedTime(started) < TimeSpan.FromSeconds(10))
            {
                await Task.Delay(20, Token);
            }
        }
    }

    private static async Task<string> OnceAsync(string address, int port)
    {
        using var client = new TcpClient();
        await client.ConnectAsync(address, port, Token);
        return await new StreamReader(client.GetStream()).ReadToEndAsync(Token);
    }
}
