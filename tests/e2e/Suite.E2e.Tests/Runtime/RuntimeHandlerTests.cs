using Grpc.Core;
using Runtime.V1;
using Suite.Testing.Requirements;
using Suite.Testing.Streaming;

namespace Suite.E2e.Tests.Runtime;

/// <summary>
/// Pods whose containers another OCI runtime makes: all that a pod can do goes as with ours. The virtual machine runs the life of one by itself
/// (<see cref="RuntimeHandlerLifeTests"/>).
/// </summary>
public sealed class RuntimeHandlerTests
{
    private const Need Needs = Need.Executables | Need.Busybox | Need.OciRuntimes;

    public static TheoryData<string> Handlers => HandlerRig.Here;

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [RootTheory(Needs = Needs)]
    [MemberData(nameof(Handlers))]
    public async Task Its_processes_have_their_streams(string handler)
    {
        var (suite, rig) = await HandlerRig.StartAsync($"hs{handler}");
        await using var _ = suite;
        var pod = await rig.RunPodAsync(handler: handler);
        var config = KubernetesRig.ContainerConfig("shell", "sh", "-c", "read line; echo got $line; read again; exit 5");
        (config.Stdin, config.Tty) = (true, true);
        var shell = await rig.CreateAsync(pod, config);
        await rig.Runtime.StartContainerAsync(new StartContainerRequest { ContainerId = shell }, cancellationToken: Token);

        // The container's own terminal.
        var url = (await rig.Runtime.AttachAsync(new AttachRequest { ContainerId = shell, Stdin = true, Stdout = true, Tty = true }, cancellationToken: Token)).Url;
        await using (var client = await SpdyClient.ConnectAsync(url, "v4.channel.k8s.io"))
        {
            await client.OpenAsync("error");
            var (input, output) = (await client.OpenAsync("stdin"), await client.OpenAsync("stdout"));
            await client.OpenAsync("resize");
            await client.SendAsync(input, "typed\n");
            await client.ReadUntilAsync(output, "got typed");
        }

        // A further process with three streams, and one with a terminal of the client's size.
        var main = await rig.StartAsync(pod, "main", "sleep", "1000");
        url = (await rig.Runtime.ExecAsync(new ExecRequest { ContainerId = main, Stdin = true, Stdout = true, Stderr = true, Cmd = { "sh", "-c", "cat; echo oops >&2; exit 3" } }, cancellationToken: Token)).Url;
        await using (var client = await SpdyClient.ConnectAsync(url, "v4.channel.k8s.io"))
        {
            var (error, input) = (await client.OpenAsync("error"), await client.OpenAsync("stdin"));
            var (output, errors) = (await client.OpenAsync("stdout"), await client.OpenAsync("stderr"));
            await client.SendAsync(input, "typed", fin: true);
            Assert.Equal("typed", await client.ReadToEndAsync(output));
            Assert.Equal("oops\n", await client.ReadToEndAsync(errors));
            Assert.Contains("\"message\":\"3\"", await client.ReadToEndAsync(error));
        }

        url = (await rig.Runtime.ExecAsync(new ExecRequest { ContainerId = main, Stdin = true, Stdout = true, Tty = true, Cmd = { "sh", "-c", "until stty size 2> /dev/null | grep '[1-9]'; do sleep 0.05; done; read a" } }, cancellationToken: Token)).Url;
        await using (var client = await SpdyClient.ConnectAsync(url, "v4.channel.k8s.io"))
        {
            var (error, input) = (await client.OpenAsync("error"), await client.OpenAsync("stdin"));
            var (output, resize) = (await client.OpenAsync("stdout"), await client.OpenAsync("resize"));
            await client.SendAsync(resize, "{\"Width\":101,\"Height\":31}\n");
            await client.ReadUntilAsync(output, "31 101").WaitAsync(TimeSpan.FromSeconds(30), Token);
            await client.SendAsync(input, "\n");
            Assert.Contains("Success", await client.ReadToEndAsync(error));
        }

        // Many short ones at once: each has its own end, whichever comes first, the runtime's or the program's.
        var outcomes = await Task.WhenAll(Enumerable.Range(0, 12).Select(i => rig.ExecAsync(main, "sh", "-c", $"echo {i}; exit {i}")));
        Assert.All(Enumerable.Range(0, 12), i => Assert.Equal((i, $"{i}\n"), (outcomes[i].ExitCode, outcomes[i].Stdout.ToStringUtf8())));
        await KubernetesRig.FailsAsync(StatusCode.DeadlineExceeded, () => rig.Runtime.ExecSyncAsync(new ExecSyncRequest { ContainerId = main, Cmd = { "sleep", "4321" }, Timeout = 1 }, cancellationToken: Token).ResponseAsync);
        Assert.DoesNotContain("4321", (await rig.ExecAsync(main, "ps")).Stdout.ToStringUtf8());
        var missing = await KubernetesRig.FailsAsync(StatusCode.NotFound, () => rig.ExecAsync(main, "/no/such/program"));
        Assert.Contains("/no/such/program", missing.Status.Detail);
        await rig.RemovePodAsync(pod);
    }

    [RootTheory(Needs = Needs)]
    [MemberData(nameof(Handlers))]
    public async Task It_gets_what_the_host_mounts_once_the_pod_is_there(string handler)
    {
        var (suite, rig) = await HandlerRig.StartAsync($"hl{handler}");
        await using var _ = suite;
        await LateMount.CheckAsync(rig, rig.PodConfig(), privileged: false, handler);
        await LateMount.CheckAsync(rig, rig.PodConfig(), privileged: true, handler);
    }

    [RootTheory(Needs = Needs)]
    [MemberData(nameof(Handlers))]
    public async Task What_cannot_run_is_said_and_what_is_over_its_memory_too(string handler)
    {
        var (suite, rig) = await HandlerRig.StartAsync($"hf{handler}");
        await using var _ = suite;
        var pod = await rig.RunPodAsync(handler: handler);
        var missing = await rig.CreateAsync(pod, KubernetesRig.ContainerConfig("missing", "/no/such/program"));
        var failure = await KubernetesRig.FailsAsync(StatusCode.NotFound, () => rig.Runtime.StartContainerAsync(new StartContainerRequest { ContainerId = missing }, cancellationToken: Token).ResponseAsync);
        Assert.Contains("/no/such/program", failure.Status.Detail);
        var status = await rig.StatusAsync(missing);
        Assert.Equal((ContainerState.ContainerExited, 127, "StartError"), (status.State, status.ExitCode, status.Reason));
        Assert.Empty(await HandlerRig.KnownAsync(suite, handler));

        var config = KubernetesRig.ContainerConfig("hungry", "dd", "if=/dev/zero", "of=/dev/null", "bs=60M");
        config.Linux.Resources = new LinuxContainerResources { MemoryLimitInBytes = 40 << 20, MemorySwapLimitInBytes = 40 << 20 };
        var hungry = await rig.CreateAsync(pod, config);
        await rig.Runtime.StartContainerAsync(new StartContainerRequest { ContainerId = hungry }, cancellationToken: Token);
        var end = await rig.EndOfAsync(hungry);
        Assert.Equal((137, "OOMKilled"), (end.ExitCode, end.Reason));

        // Frozen and let go by the runtime itself.
        var main = await rig.StartAsync(pod, "main", "sh", "-c", "i=0; while :; do i=$((i+1)); echo $i; sleep 0.02; done");
        await suite.Containers.PauseAsync(new Container.V1.PauseRequest { Container = main }, cancellationToken: Token);
        var log = (await rig.StatusAsync(main)).LogPath;
        var length = new FileInfo(log).Length;
        await Task.Delay(200, Token);
        Assert.Equal(length, new FileInfo(log).Length);
        await KubernetesRig.FailsAsync(StatusCode.FailedPrecondition, () => rig.ExecAsync(main, "true"));
        await suite.Containers.ResumeAsync(new Container.V1.ResumeRequest { Container = main }, cancellationToken: Token);
        Assert.Equal(0, (await rig.ExecAsync(main, "true")).ExitCode);
        await suite.Containers.PauseAsync(new Container.V1.PauseRequest { Container = main }, cancellationToken: Token);
        await rig.StopAsync(main, 1);
        Assert.Equal(137, (await rig.StatusAsync(main)).ExitCode);
        await rig.RemovePodAsync(pod);
    }

    [RootTheory(Needs = Needs)]
    [MemberData(nameof(Handlers))]
    public async Task Processes_volumes_and_settings_are_the_pods(string handler)
    {
        var (suite, rig) = await HandlerRig.StartAsync($"hp{handler}");
        await using var _ = suite;
        var shared = new NamespaceOption { Pid = NamespaceMode.Pod };
        var podConfig = rig.PodConfig();
        podConfig.Linux.SecurityContext = new LinuxSandboxSecurityContext { NamespaceOptions = shared };
        podConfig.Linux.Sysctls["net.ipv4.ip_unprivileged_port_start"] = "77";
        podConfig.Linux.Sysctls["kernel.shm_rmid_forced"] = "1";
        var pod = await rig.RunPodAsync(podConfig, handler);

        var folder = Directory.CreateDirectory(Path.Combine(suite.Root, "data")).FullName;
        var first = KubernetesRig.ContainerConfig("first", "sleep", "1234");
        first.Linux.SecurityContext.NamespaceOptions = shared;
        first.Linux.SecurityContext.RunAsUser = new Int64Value { Value = 1000 };
        first.Mounts.Add(new Mount { ContainerPath = "/data", HostPath = folder });
        first.Mounts.Add(new Mount { ContainerPath = "/volume", Readonly = true, Image = new ImageSpec { Image = KubernetesRig.Image }, ImageSubPath = "etc" });
        var one = await rig.CreateAsync(pod, first);
        await rig.Runtime.StartContainerAsync(new StartContainerRequest { ContainerId = one }, cancellationToken: Token);
        var second = KubernetesRig.ContainerConfig("second", "sleep", "5678");
        second.Linux.SecurityContext.NamespaceOptions = shared;
        var two = await rig.CreateAsync(pod, second);
        await rig.Runtime.StartContainerAsync(new StartContainerRequest { ContainerId = two }, cancellationToken: Token);

        var seen = (await rig.ExecAsync(two, "ps")).Stdout.ToStringUtf8();
        Assert.True(seen.Contains("sleep 1234") && seen.Contains("sleep 5678"), seen);
        Assert.Equal("77\n1\n", (await rig.ExecAsync(two, "cat", "/proc/sys/net/ipv4/ip_unprivileged_port_start", "/proc/sys/kernel/shm_rmid_forced")).Stdout.ToStringUtf8());
        Assert.Equal("1000\n", (await rig.ExecAsync(one, "id", "-u")).Stdout.ToStringUtf8());
        Assert.Contains("alice", (await rig.ExecAsync(one, "cat", "/volume/passwd")).Stdout.ToStringUtf8());
        Assert.Contains("Read-only", (await rig.ExecAsync(one, "touch", "/volume/x")).Stderr.ToStringUtf8());
        // The seccomp profile and the capabilities of the default are in force, for a further process as well.
        Assert.Contains("Seccomp:\t2", (await Filtered(rig, pod, handler)));

        // The end of one, whose processes have no namespace of their own that would go, leaves the other.
        await rig.StopAsync(one, 0);
        seen = (await rig.ExecAsync(two, "ps")).Stdout.ToStringUtf8();
        Assert.True(!seen.Contains("sleep 1234") && seen.Contains("sleep 5678"), seen);
        await rig.RemovePodAsync(pod);
    }

    [RootTheory(Needs = Needs)]
    [MemberData(nameof(Handlers))]
    public async Task What_a_privileged_container_mounts_for_all_the_host_sees(string handler)
    {
        var (suite, rig) = await HandlerRig.StartAsync($"hm{handler}");
        await using var _ = suite;
        var pod = await rig.RunPodAsync(handler: handler);
        var folder = Directory.CreateDirectory(Path.Combine(suite.Root, "shared")).FullName;
        await RunAsync("mount", "--bind", folder, folder);
        await RunAsync("mount", "--make-rshared", folder);
        try
        {
            Directory.CreateDirectory(Path.Combine(folder, "inside"));
            var config = KubernetesRig.ContainerConfig("main", "sleep", "1000");
            config.Linux.SecurityContext.Privileged = true;
            config.Mounts.Add(new Mount { ContainerPath = "/shared", HostPath = folder, Propagation = MountPropagation.PropagationBidirectional });
            var id = await rig.CreateAsync(pod, config);
            await rig.Runtime.StartContainerAsync(new StartContainerRequest { ContainerId = id }, cancellationToken: Token);
            Assert.Equal(0, (await rig.ExecAsync(id, "sh", "-c", "mount -t tmpfs tmpfs /shared/inside && touch /shared/inside/file")).ExitCode);
            Assert.True(File.Exists(Path.Combine(folder, "inside", "file")));
            Assert.Equal(0, (await rig.ExecAsync(id, "/bin/busybox", "umount", "/shared/inside")).ExitCode);
            await rig.RemovePodAsync(pod);
        }
        finally
        {
            await RunAsync("umount", "-R", folder);
        }
    }

    private static async Task<string> Filtered(KubernetesRig rig, string pod, string name)
    {
        var config = KubernetesRig.ContainerConfig($"filtered-{name}", "sleep", "1000");
        config.Linux.SecurityContext.Seccomp = new SecurityProfile { ProfileType = SecurityProfile.Types.ProfileType.RuntimeDefault };
        var id = await rig.CreateAsync(pod, config);
        await rig.Runtime.StartContainerAsync(new StartContainerRequest { ContainerId = id }, cancellationToken: Token);
        return (await rig.ExecAsync(id, "cat", "/proc/self/status")).Stdout.ToStringUtf8();
    }

    private static async Task RunAsync(string program, params string[] arguments)
    {
        using var process = System.Diagnostics.Process.Start(new System.Diagnostics.ProcessStartInfo(program, arguments))!;
        await process.WaitForExitAsync(Token);
        Assert.Equal(0, process.ExitCode);
    }
}
