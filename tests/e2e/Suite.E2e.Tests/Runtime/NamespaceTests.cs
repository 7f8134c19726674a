using Runtime.V1;
using Suite.Testing.Requirements;
using Suite.Testing.Services;

namespace Suite.E2e.Tests.Runtime;

/// <summary>With whom a container shares what.</summary>
public sealed class NamespaceTests
{
    private const Need Needs = Need.Executables | Need.Busybox;

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [RootFact(Needs = Needs)]
    public async Task Containers_of_a_pod_that_shares_its_processes_see_each_other_below_a_process_of_ours()
    {
        await using var suite = await SuiteInstance.StartAsync();
        var rig = new KubernetesRig(suite);
        await rig.BuildImageAsync();
        var options = new NamespaceOption { Pid = NamespaceMode.Pod };
        var config = rig.PodConfig();
        config.Linux.SecurityContext = new LinuxSandboxSecurityContext { NamespaceOptions = options };
        var pod = await rig.RunPodAsync(config);
        var first = await StartAsync(rig, pod, "first", options, "sleep", "1234");
        var second = await StartAsync(rig, pod, "second", options, "sleep", "5678");
        var seen = (await rig.ExecAsync(second, "ps")).Stdout.ToStringUtf8();
        Assert.Contains("sleep 1234", seen);
        Assert.Contains("sleep 5678", seen);
        Assert.DoesNotContain("sleep", (await rig.ExecAsync(second, "cat", "/proc/1/cmdline")).Stdout.ToStringUtf8());
        // The end of one leaves the other.
        await rig.StopAsync(first, 0);
        Assert.Equal(137, (await rig.StatusAsync(first)).ExitCode);
        Assert.DoesNotContain("sleep 1234", (await rig.ExecAsync(second, "ps")).Stdout.ToStringUtf8());

        // A third looks into one of them alone.
        var target = await StartAsync(rig, pod, "target", new NamespaceOption { Pid = NamespaceMode.Target, TargetId = second }, "sleep", "9");
        Assert.Contains("sleep 5678", (await rig.ExecAsync(target, "ps")).Stdout.ToStringUtf8());
        await rig.RemovePodAsync(pod);
    }

    [RootFact(Needs = Needs)]
    public async Task A_pod_with_users_of_its_own_is_root_inside_and_nobody_outside()
    {
        await using var suite = await SuiteInstance.StartAsync();
        var rig = new KubernetesRig(suite);
        await rig.BuildImageAsync();
        var map = new IDMapping { ContainerId = 0, HostId = 1000, Length = 100_000 };
        var options = new NamespaceOption { Pid = NamespaceMode.Container, UsernsOptions = new UserNamespace { Mode = NamespaceMode.Pod, Uids = { map }, Gids = { map } } };
        var config = rig.PodConfig();
        config.Linux.SecurityContext = new LinuxSandboxSecurityContext { NamespaceOptions = options };
        var pod = await rig.RunPodAsync(config);
        Assert.Equal(options.UsernsOptions, (await rig.Runtime.PodSandboxStatusAsync(new PodSandboxStatusRequest { PodSandboxId = pod }, cancellationToken: Token)).Status.Linux.Namespaces.Options.UsernsOptions);
        var id = await StartAsync(rig, pod, "main", options, "sleep", "1000");
        var uidMap = (await rig.ExecAsync(id, "cat", "/proc/self/uid_map")).Stdout.ToStringUtf8();
        Assert.Equal(["0", "1000", "100000"], uidMap.Split((char[])[' ', '\n'], StringSplitOptions.RemoveEmptyEntries));
        // Files of the image are root's inside; who is root inside is user 1000 of the host.
        Assert.Equal("0 0\n", (await rig.ExecAsync(id, "/bin/busybox", "stat", "-c", "%u %g", "/etc/passwd")).Stdout.ToStringUtf8());
        Assert.Equal(0, (await rig.ExecAsync(id, "touch", "/new")).ExitCode);
        var pid = (await suite.Containers.InspectAsync(new Container.V1.InspectRequest { Container = id }, cancellationToken: Token)).Container.Pid;
        Assert.Contains("Uid:\t1000\t1000", await File.ReadAllTextAsync($"/proc/{pid}/status", Token));
        await rig.RemovePodAsync(pod);
    }

    private static async Task<string> StartAsync(KubernetesRig rig, string pod, string name, NamespaceOption options, params string[] command)
    {
        var config = KubernetesRig.ContainerConfig(name, command);
        config.Linux.SecurityContext.NamespaceOptions = options;
        var id = await rig.CreateAsync(pod, config);
        await rig.Runtime.StartContainerAsync(new StartContainerRequest { ContainerId = id }, cancellationToken: Token);
        return id;
    }
}
