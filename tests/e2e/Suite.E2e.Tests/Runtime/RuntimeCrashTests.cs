using Runtime.V1;
using Suite.Testing.Requirements;
using Suite.Testing.Services;

namespace Suite.E2e.Tests.Runtime;

/// <summary>kill -9 of suite-runtime: containers go on, and nothing about them is forgotten.</summary>
public sealed class RuntimeCrashTests
{
    private const Need Needs = Need.Executables | Need.Busybox;

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [RootFact(Needs = Needs)]
    public async Task Containers_are_found_again_and_an_end_meanwhile_is_not_lost()
    {
        await using var suite = await SuiteInstance.StartAsync();
        var rig = new KubernetesRig(suite);
        await rig.BuildImageAsync();
        var pod = await rig.RunPodAsync();
        var lasting = await rig.StartAsync(pod, "lasting", "sh", "-c", "i=0; while :; do echo $i; i=$((i+1)); sleep 0.05; done");
        var ending = await rig.StartAsync(pod, "ending", "sh", "-c", "sleep 1; echo last words; exit 9");
        var created = await rig.CreateAsync(pod, KubernetesRig.ContainerConfig("created", "true"));

        await suite.Service("runtime").KillAsync(Token);
        await Task.Delay(1500, Token); // the second one ends while nobody is there to see it
        await suite.StartServiceAsync("runtime");

        Assert.Equal(ContainerState.ContainerRunning, (await rig.StatusAsync(lasting)).State);
        var end = await rig.StatusAsync(ending);
        Assert.Equal((ContainerState.ContainerExited, 9, "Error"), (end.State, end.ExitCode, end.Reason));
        Assert.Contains("last words", await File.ReadAllTextAsync(end.LogPath, Token));
        Assert.Equal(ContainerState.ContainerCreated, (await rig.StatusAsync(created)).State);

        Assert.Equal("ok", (await rig.ExecAsync(lasting, "echo", "-n", "ok")).Stdout.ToStringUtf8());
        var grown = new FileInfo((await rig.StatusAsync(lasting)).LogPath).Length;
        await Task.Delay(200, Token);
        Assert.True(new FileInfo((await rig.StatusAsync(lasting)).LogPath).Length > grown, "the log does not grow any more");
        await rig.Runtime.StartContainerAsync(new StartContainerRequest { ContainerId = created }, cancellationToken: Token);
        Assert.Equal(0, (await rig.EndOfAsync(created)).ExitCode);
        await rig.StopAsync(lasting, 0);
        Assert.Equal(137, (await rig.StatusAsync(lasting)).ExitCode);
        await rig.RemovePodAsync(pod);
    }

    [RootFact(Needs = Needs)]
    public async Task Pods_half_made_are_undone_and_their_names_are_free()
    {
        await using var suite = await SuiteInstance.StartAsync();
        var rig = new KubernetesRig(suite);
        var configs = Enumerable.Range(0, 6).Select(_ => rig.PodConfig()).ToArray();
        var calls = configs.Select(config => rig.RunPodAsync(config)).ToArray();
        await Task.Delay(5, Token);
        await suite.Service("runtime").KillAsync(Token);
        await Task.WhenAll(calls).ContinueWith(static _ => { }, TaskScheduler.Default);
        await suite.StartServiceAsync("runtime");

        // kubelet comes again with the same names.
        var ids = await Task.WhenAll(configs.Select(config => rig.RunPodAsync(config)));
        Assert.Equal(6, ids.Distinct().Count());
        Assert.Equal(6, (await rig.Runtime.ListPodSandboxAsync(new ListPodSandboxRequest { Filter = new PodSandboxFilter { State = new PodSandboxStateValue() } }, cancellationToken: Token)).Items.Count);
        await Task.WhenAll(ids.Select(rig.RemovePodAsync));
    }

    [RootFact(Needs = Needs)]
    public async Task A_pod_whose_shim_was_killed_is_not_ready_and_its_containers_have_ended()
    {
        await using var suite = await SuiteInstance.StartAsync();
        var rig = new KubernetesRig(suite);
        await rig.BuildImageAsync();
        var pod = await rig.RunPodAsync();
        var id = await rig.StartAsync(pod, "main", "sleep", "1000");
        foreach (var shim in ShimsOf(suite.Run))
            shim.Kill();
        var end = await rig.EndOfAsync(id);
        Assert.Equal(("Unknown", 255), (end.Reason, end.ExitCode));
        Assert.Equal(PodSandboxState.SandboxNotready, (await rig.Runtime.PodSandboxStatusAsync(new PodSandboxStatusRequest { PodSandboxId = pod }, cancellationToken: Token)).Status.State);
        await rig.RemovePodAsync(pod);
    }

    [RootFact(Needs = Needs)]
    public async Task An_init_that_waits_for_a_plan_goes_with_its_container_or_is_used_after_a_crash()
    {
        await using var suite = await SuiteInstance.StartAsync();
        var rig = new KubernetesRig(suite);
        await rig.BuildImageAsync();
        var pod = await rig.RunPodAsync();
        var removed = await rig.CreateAsync(pod, KubernetesRig.ContainerConfig("removed", "true"));
        _ = await WaitingAsync();
        await rig.Runtime.RemoveContainerAsync(new RemoveContainerRequest { ContainerId = removed }, cancellationToken: Token);
        Assert.Empty(Waiting());

        var created = await rig.CreateAsync(pod, KubernetesRig.ContainerConfig("created", "sleep", "1000"));
        var init = await WaitingAsync();
        await suite.Service("runtime").KillAsync(Token);
        await suite.StartServiceAsync("runtime");
        await rig.Runtime.StartContainerAsync(new StartContainerRequest { ContainerId = created }, cancellationToken: Token);
        Assert.Equal("sleep", (await File.ReadAllTextAsync($"/proc/{init}/comm", Token)).Trim());
        await rig.RemovePodAsync(pod);

        // The announcement is not waited for.
        async Task<int> WaitingAsync()
        {
            for (var i = 0; i < 500 && Waiting().Count == 0; i++)
                await Task.Delay(10, Token);
            return Assert.Single(Waiting());
        }

        List<int> Waiting() => [.. System.Diagnostics.Process.GetProcessesByName("suite-init").Select(process => process.Id).Where(id => SeesPodsOf(id, suite.Run))];
    }

    private static IEnumerable<System.Diagnostics.Process> ShimsOf(string run) =>
        System.Diagnostics.Process.GetProcessesByName("suite-shim").Where(process => SeesPodsOf(process.Id, run));

    private static bool SeesPodsOf(int pid, string run)
    {
        try
        {
            return File.ReadAllText($"/proc/{pid}/mountinfo").Contains(Path.Combine(run, "pods"));
        }
        catch (IOException)
        {
            // Another test's shim, which ended between the two looks.
            return false;
        }
    }
}
