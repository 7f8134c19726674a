using System.Diagnostics;
using Grpc.Core;
using Runtime.V1;
using Suite.Testing.Requirements;
using Suite.Testing.Services;

namespace Suite.E2e.Tests.Runtime;

/// <summary>Mounts below volumes: which way they travel, and whether they may be written.</summary>
public sealed class PropagationTests
{
    private const Need Needs = Need.Executables | Need.Busybox;

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [RootTheory(Needs = Needs)]
    [InlineData(MountPropagation.PropagationPrivate, false, false)]
    [InlineData(MountPropagation.PropagationHostToContainer, true, false)]
    [InlineData(MountPropagation.PropagationBidirectional, true, true)]
    public async Task Mounts_travel_as_asked(MountPropagation propagation, bool fromHost, bool toHost)
    {
        await using var suite = await SuiteInstance.StartAsync($"prop{(int)propagation}", new Dictionary<string, string>());
        var rig = new KubernetesRig(suite);
        await rig.BuildImageAsync();
        var folder = Directory.CreateDirectory(Path.Combine(suite.Root, "volume")).FullName;
        await RunAsync("mount", "--bind", folder, folder);
        await RunAsync("mount", "--make-rshared", folder);
        try
        {
            Directory.CreateDirectory(Path.Combine(folder, "host"));
            Directory.CreateDirectory(Path.Combine(folder, "inside"));
            var pod = await rig.RunPodAsync();
            var config = KubernetesRig.ContainerConfig("main", "sleep", "1000");
            config.Linux.SecurityContext.Privileged = true;
            config.Mounts.Add(new Mount { ContainerPath = "/volume", HostPath = folder, Propagation = propagation });
            var id = await rig.CreateAsync(pod, config);
            await rig.Runtime.StartContainerAsync(new StartContainerRequest { ContainerId = id }, cancellationToken: Token);
            await RunAsync("mount", "-t", "tmpfs", "tmpfs", Path.Combine(folder, "host"));
            await File.WriteAllTextAsync(Path.Combine(folder, "host", "file"), "x", Token);
            Assert.Equal(fromHost, (await rig.ExecAsync(id, "ls", "/volume/host/file")).ExitCode == 0);
            Assert.Equal(0, (await rig.ExecAsync(id, "sh", "-c", "mount -t tmpfs tmpfs /volume/inside && touch /volume/inside/file")).ExitCode);
            Assert.Equal(toHost, File.Exists(Path.Combine(folder, "inside", "file")));
            Assert.Equal(config.Mounts, (await rig.StatusAsync(id)).Mounts);
            await rig.RemovePodAsync(pod);
        }
        finally
        {
            await RunAsync("umount", "-R", folder);
        }
    }

    [RootTheory(Needs = Needs)]
    [InlineData(false)]
    [InlineData(true)]
    public async Task What_the_host_mounts_once_the_pod_is_there_is_what_its_containers_get(bool users)
    {
        await using var suite = await SuiteInstance.StartAsync($"late{(users ? "u" : "")}", new Dictionary<string, string>());
        var rig = new KubernetesRig(suite);
        await rig.BuildImageAsync();
        var pod = rig.PodConfig();
        if (users)
        {
            var map = new IDMapping { ContainerId = 0, HostId = 300_000, Length = 65_536 };
            pod.Linux.SecurityContext = new LinuxSandboxSecurityContext { NamespaceOptions = new NamespaceOption { UsernsOptions = new UserNamespace { Mode = NamespaceMode.Pod, Uids = { map }, Gids = { map } } } };
        }

        await LateMount.CheckAsync(rig, pod, privileged: !users);
    }

    [RootFact(Needs = Needs)]
    public async Task Read_only_reaches_the_mounts_below_when_it_is_recursive_and_only_then()
    {
        await using var suite = await SuiteInstance.StartAsync();
        var rig = new KubernetesRig(suite);
        await rig.BuildImageAsync();
        var folder = Directory.CreateDirectory(Path.Combine(suite.Root, "volume", "below")).Parent!.FullName;
        await RunAsync("mount", "-t", "tmpfs", "tmpfs", Path.Combine(folder, "below"));
        try
        {
            var pod = await rig.RunPodAsync();
            var config = KubernetesRig.ContainerConfig("main", "sleep", "1000");
            config.Mounts.Add(new Mount { ContainerPath = "/top", HostPath = folder, Readonly = true });
            config.Mounts.Add(new Mount { ContainerPath = "/all", HostPath = folder, Readonly = true, RecursiveReadOnly = true });
            var id = await rig.CreateAsync(pod, config);
            await rig.Runtime.StartContainerAsync(new StartContainerRequest { ContainerId = id }, cancellationToken: Token);
            Assert.Contains("Read-only", (await rig.ExecAsync(id, "touch", "/top/x")).Stderr.ToStringUtf8());
            Assert.Equal(0, (await rig.ExecAsync(id, "touch", "/top/below/x")).ExitCode);
            Assert.Contains("Read-only", (await rig.ExecAsync(id, "touch", "/all/x")).Stderr.ToStringUtf8());
            Assert.Contains("Read-only", (await rig.ExecAsync(id, "touch", "/all/below/x")).Stderr.ToStringUtf8());

            foreach (var spoil in (Action<Mount>[])[mount => mount.Readonly = false, mount => mount.Propagation = MountPropagation.PropagationHostToContainer, mount => mount.Propagation = MountPropagation.PropagationBidirectional])
            {
                var wrong = KubernetesRig.ContainerConfig("wrong", "true");
                wrong.Linux.SecurityContext.Privileged = true;
                var mount = config.Mounts[1].Clone();
                spoil(mount);
                wrong.Mounts.Add(mount);
                Assert.Contains("recursive_read_only", (await KubernetesRig.FailsAsync(StatusCode.InvalidArgument, () => rig.CreateAsync(pod, wrong))).Status.Detail);
            }
            await rig.RemovePodAsync(pod);
        }
        finally
        {
            await RunAsync("umount", Path.Combine(folder, "below"));
        }
    }

    private static async Task RunAsync(string program, params string[] arguments)
    {
        using var process = Process.Start(new ProcessStartInfo(program, arguments))!;
        await process.WaitForExitAsync(Token);
        Assert.Equal(0, process.ExitCode);
    }
}
