using Grpc.Core;
using Runtime.V1;
using Suite.Testing.Requirements;

namespace Suite.E2e.Tests.Runtime;

/// <summary>Pods of other OCI runtimes after kill -9, and what is refused rather than done without.</summary>
public sealed class HandlerRecoveryTests
{
    private const Need Needs = Need.Executables | Need.Busybox | Need.OciRuntimes;

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [RootTheory(Needs = Needs)]
    [InlineData("runc")]
    [InlineData("own")]
    public async Task After_a_kill_of_the_service_all_is_found_again(string handler)
    {
        var (suite, rig) = await HandlerRig.StartAsync($"hr{handler}");
        await using var _ = suite;
        var pod = await rig.RunPodAsync(handler: handler);
        var lasting = await rig.StartAsync(pod, "lasting", "sh", "-c", "while :; do echo on; sleep 0.05; done");
        var ending = await rig.StartAsync(pod, "ending", "sh", "-c", "sleep 1; echo last words; exit 9");

        await suite.Service("runtime").KillAsync(Token);
        await Task.Delay(1500, Token);
        // The handler is gone from the configuration: pods keep theirs.
        await File.WriteAllTextAsync(Path.Combine(suite.Config, "runtime.json"), "{}", Token);
        await suite.StartServiceAsync("runtime");

        var end = await rig.StatusAsync(ending);
        Assert.Equal((ContainerState.ContainerExited, 9), (end.State, end.ExitCode));
        Assert.Contains("last words", await File.ReadAllTextAsync(end.LogPath, Token));
        Assert.Equal("ok", (await rig.ExecAsync(lasting, "echo", "-n", "ok")).Stdout.ToStringUtf8());
        var later = await rig.StartAsync(pod, "later", "sleep", "1000");
        Assert.Equal(2, (await HandlerRig.KnownAsync(suite, handler)).Count);
        await KubernetesRig.FailsAsync(StatusCode.InvalidArgument, () => rig.RunPodAsync(handler: handler));

        // While a start is under way: whichever way it went, the caller comes again and all comes right.
        var created = await rig.CreateAsync(pod, KubernetesRig.ContainerConfig("cut", "sleep", "1000"));
        suite.Expect("The request stream was aborted|The client reset the request stream|connection faulted");
        var starting = rig.Runtime.StartContainerAsync(new StartContainerRequest { ContainerId = created }, cancellationToken: Token).ResponseAsync;
        await Task.Delay(10, Token);
        await suite.Service("runtime").KillAsync(Token);
        await Task.WhenAny(starting);
        await suite.StartServiceAsync("runtime");
        for (var i = 0; i < 500 && (await rig.StatusAsync(created)).State != ContainerState.ContainerRunning; i++)
        {
            try
            {
                await rig.Runtime.StartContainerAsync(new StartContainerRequest { ContainerId = created }, cancellationToken: Token);
            }
            catch (RpcException notYet) when (notYet.StatusCode is StatusCode.AlreadyExists or StatusCode.FailedPrecondition)
            {
                await Task.Delay(20, Token);
            }
        }
        Assert.Equal(0, (await rig.ExecAsync(created, "true")).ExitCode);
        await rig.StopAsync(later, 0);
        await rig.RemovePodAsync(pod);
        Assert.Empty(await HandlerRig.KnownAsync(suite, handler));
    }

    [RootTheory(Needs = Needs)]
    [InlineData("runc")]
    [InlineData("own")]
    public async Task After_a_kill_of_the_shim_nothing_is_left(string handler)
    {
        var (suite, rig) = await HandlerRig.StartAsync($"hk{handler}");
        await using var _ = suite;
        var pod = await rig.RunPodAsync(handler: handler);
        var id = await rig.StartAsync(pod, "main", "sleep", "1000");
        var first = (await HandlerRig.InfoAsync(rig, id)).GetProperty("pid").GetInt32();
        var status = await rig.Runtime.PodSandboxStatusAsync(new PodSandboxStatusRequest { PodSandboxId = pod, Verbose = true }, cancellationToken: Token);
        System.Diagnostics.Process.GetProcessById(System.Text.Json.JsonDocument.Parse(status.Info["info"]).RootElement.GetProperty("pid").GetInt32()).Kill();
        Assert.Equal(("Unknown", 255), ((await rig.EndOfAsync(id)).Reason, (await rig.StatusAsync(id)).ExitCode));
        // Killed; whoever has inherited it has to wait for it.
        for (var i = 0; i < 500 && Directory.Exists($"/proc/{first}"); i++)
            await Task.Delay(10, Token);
        Assert.False(Directory.Exists($"/proc/{first}"));
        Assert.Empty(await HandlerRig.KnownAsync(suite, handler));
        await rig.RemovePodAsync(pod);
    }

    [RootFact(Needs = Needs)]
    public async Task Handlers_are_told_with_what_their_programs_can_do()
    {
        var (suite, rig) = await HandlerRig.StartAsync("hfeature");
        await using var _ = suite;
        var handlers = (await rig.Runtime.StatusAsync(new StatusRequest(), cancellationToken: Token)).RuntimeHandlers.ToDictionary(handler => handler.Name, handler => handler.Features);
        Assert.Equal(["", "crun", "own", "runc"], handlers.Keys.Order(StringComparer.Ordinal));
        Assert.True(handlers[""] is { RecursiveReadOnlyMounts: true, UserNamespaces: true });
        Assert.True(handlers["own"] is { RecursiveReadOnlyMounts: true, UserNamespaces: true });
        // Debian 12's runc lists rro and knows no idmapped mounts; its crun does not know the command.
        Assert.True(handlers["runc"] is { RecursiveReadOnlyMounts: true, UserNamespaces: false });

        var refused = await KubernetesRig.FailsAsync(StatusCode.InvalidArgument, () => rig.RunPodAsync(handler: "kata"));
        Assert.Contains("runtime_handler: kata", refused.Status.Detail);
        var map = new IDMapping { ContainerId = 0, HostId = 100_000, Length = 65_536 };
        var users = new NamespaceOption { Pid = NamespaceMode.Container, UsernsOptions = new UserNamespace { Mode = NamespaceMode.Pod, Uids = { map }, Gids = { map } } };
        var config = rig.PodConfig();
        config.Linux.SecurityContext = new LinuxSandboxSecurityContext { NamespaceOptions = users };
        Assert.Contains("userns_options", (await KubernetesRig.FailsAsync(StatusCode.InvalidArgument, () => rig.RunPodAsync(config, "runc"))).Status.Detail);

        // suite-oci can: layers, volumes and all.
        config.Linux.Sysctls["net.ipv4.ip_unprivileged_port_start"] = "78";
        var pod = await rig.RunPodAsync(config, "own");
        var folder = Directory.CreateDirectory(Path.Combine(suite.Root, "data")).FullName;
        var container = KubernetesRig.ContainerConfig("main", "sleep", "1000");
        container.Linux.SecurityContext.NamespaceOptions = users;
        container.Mounts.Add(new Mount { ContainerPath = "/data", HostPath = folder, UidMappings = { map }, GidMappings = { map } });
        var id = await rig.CreateAsync(pod, container);
        await rig.Runtime.StartContainerAsync(new StartContainerRequest { ContainerId = id }, cancellationToken: Token);
        Assert.Equal("0 0\n", (await rig.ExecAsync(id, "/bin/busybox", "stat", "-c", "%u %g", "/etc/passwd")).Stdout.ToStringUtf8());
        Assert.Equal(0, (await rig.ExecAsync(id, "touch", "/new", "/data/new")).ExitCode);
        Assert.Equal("0 100000 65536", string.Join(' ', (await rig.ExecAsync(id, "cat", "/proc/self/uid_map")).Stdout.ToStringUtf8().Split((char[])[' ', '\n'], StringSplitOptions.RemoveEmptyEntries)));
        Assert.Equal("78\n", (await rig.ExecAsync(id, "cat", "/proc/sys/net/ipv4/ip_unprivileged_port_start")).Stdout.ToStringUtf8());
        Assert.Contains(" 0 ", string.Concat(" ", Stat(Path.Combine(folder, "new")), " "));

        // What a runtime does not promise is refused.
        var crun = await rig.RunPodAsync(handler: "crun");
        var fixedVolume = KubernetesRig.ContainerConfig("fixed", "true");
        fixedVolume.Mounts.Add(new Mount { ContainerPath = "/data", HostPath = folder, Readonly = true, RecursiveReadOnly = true });
        if (!handlers["crun"].RecursiveReadOnlyMounts)
            Assert.Contains("recursive_read_only", (await KubernetesRig.FailsAsync(StatusCode.InvalidArgument, () => rig.CreateAsync(crun, fixedVolume))).Status.Detail);
        await rig.RemovePodAsync(crun);
        await rig.RemovePodAsync(pod);

        static string Stat(string path)
        {
            using var process = System.Diagnostics.Process.Start(new System.Diagnostics.ProcessStartInfo("stat", ["-c", "%u", path]) { RedirectStandardOutput = true })!;
            return process.StandardOutput.ReadToEnd().Trim();
        }
    }
}
