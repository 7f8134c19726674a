using System.Text;
using Grpc.Core;
using Runtime.V1;
using Suite.Testing.Requirements;
using Suite.Testing.Services;

namespace Suite.E2e.Tests.Runtime;

/// <summary>
/// kill -9 of suite-runtime at each step at which it waits for somebody: the one it waits for is stopped, so that the step is
/// certain. After it every name is free, every end is known, and the guard of the instance finds nothing left.
/// </summary>
public sealed class KilledAtStepTests
{
    private const Need Needs = Need.Executables | Need.Busybox;

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [RootFact(Needs = Needs)]
    public async Task A_pod_is_undone_or_finished_at_every_step()
    {
        await using var suite = await SuiteInstance.StartAsync();
        var rig = new KubernetesRig(suite);

        // Run: while the network is being attached.
        var config = rig.PodConfig("attaching");
        await KillDuringAsync(suite, HeldProcess.Of(suite.Service("network")), () => rig.RunPodAsync(config), () => PodsWith(suite, "") == 1);
        await RunsAgainAsync(rig, config);

        // Run: while the shim makes its namespaces, and its network is there already. It goes on with that after its runtime is gone.
        config = rig.PodConfig("starting");
        await KillDuringAsync(suite, HeldProcess.OfShims(suite.Service("runtime")), () => rig.RunPodAsync(config), () => PodsWith(suite, "") == 1 && Networks(suite) == 1);
        await RunsAgainAsync(rig, config);

        // Stop: while the network is being given back.
        var pod = await rig.RunPodAsync(rig.PodConfig("stopping"));
        // The pods before it have been stopping too.
        var before = TimesRecorded(suite, "\"state\":\"Stopping\"");
        await KillDuringAsync(suite, HeldProcess.Of(suite.Service("network")), () => StopAsync(rig, pod), () => TimesRecorded(suite, "\"state\":\"Stopping\"") > before);
        await UntilAsync(async () => (await StateOfAsync(rig, pod)) == PodSandboxState.SandboxNotready);
        await StopAsync(rig, pod);

        // Remove: the rest of it.
        await rig.RemovePodAsync(pod);
        await KubernetesRig.FailsAsync(StatusCode.NotFound, () => StateOfAsync(rig, pod));
        Assert.Empty((await rig.Runtime.ListPodSandboxAsync(new ListPodSandboxRequest(), cancellationToken: Token)).Items);
    }

    [RootFact(Needs = Needs)]
    public async Task A_container_is_undone_or_finished_at_every_step()
    {
        await using var suite = await SuiteInstance.StartAsync();
        var rig = new KubernetesRig(suite);
        await rig.BuildImageAsync();
        var pod = await rig.RunPodAsync();

        // Create: while the image service makes the root.
        var config = KubernetesRig.ContainerConfig("creating", "true");
        await KillDuringAsync(suite, HeldProcess.Of(suite.Service("image")), () => rig.CreateAsync(pod, config), () => Recorded(suite, "\"creating\""));
        var id = await rig.CreateAsync(pod, config);
        Assert.Equal([id], await ListAsync(rig));

        // Start: while the shim takes it on. The caller comes again.
        await KillDuringAsync(suite, await rig.HoldShimAsync(pod), () => StartAsync(rig, id), () => Recorded(suite, "\"state\":\"Starting\""));
        Assert.Equal(ContainerState.ContainerCreated, (await rig.StatusAsync(id)).State);
        await StartAsync(rig, id);
        Assert.Equal(0, (await rig.EndOfAsync(id)).ExitCode);

        // Stop: while the process has its time to end. It goes on, and is stopped by the next call.
        var deaf = await rig.StartAsync(pod, "deaf", "sh", "-c", "trap '' TERM; echo set; while :; do sleep 0.1; done");
        await UntilAsync(async () => File.Exists((await rig.StatusAsync(deaf)).LogPath) && (await File.ReadAllTextAsync((await rig.StatusAsync(deaf)).LogPath, Token)).Contains("set"));
        await KillDuringAsync(suite, null, () => rig.StopAsync(deaf, 1000), () => true);
        Assert.Equal(ContainerState.ContainerRunning, (await rig.StatusAsync(deaf)).State);
        await rig.StopAsync(deaf, 0);
        Assert.Equal(137, (await rig.StatusAsync(deaf)).ExitCode);

        // Remove: while the image service takes back the root. The name is free before that is over.
        await KillDuringAsync(suite, HeldProcess.Of(suite.Service("image")), () => RemoveAsync(rig, id), () => Recorded(suite, "\"state\":\"Removing\""));
        var again = await rig.CreateAsync(pod, config);
        Assert.NotEqual(id, again);
        await UntilAsync(async () => (await ListAsync(rig)).Count == 2);
        await RemoveAsync(rig, id);
        await rig.RemovePodAsync(pod);
        await UntilAsync(async () => (await new Graph.V1.Graph.GraphClient(suite.Channel("image")).ListRootfsAsync(new Graph.V1.ListRootfsRequest(), cancellationToken: Token)).Rootfs.Count == 0);
    }

    [RootFact(Needs = Needs)]
    public async Task A_start_that_was_answered_is_known_however_soon_the_kill_comes()
    {
        await using var suite = await SuiteInstance.StartAsync();
        var rig = new KubernetesRig(suite);
        await rig.BuildImageAsync();
        var pod = await rig.RunPodAsync();
        for (var round = 0; round < 4; round++)
        {
            var lasting = await rig.CreateAsync(pod, KubernetesRig.ContainerConfig($"lasting-{round}", "sleep", "1000"));
            var ending = await rig.CreateAsync(pod, KubernetesRig.ContainerConfig($"ending-{round}", "sh", "-c", "sleep 0.05; exit 4"));
            await Task.WhenAll(StartAsync(rig, lasting), StartAsync(rig, ending));
            await suite.Service("runtime").KillAsync(Token);
            await Task.Delay(200, Token);
            await suite.StartServiceAsync("runtime");
            var running = await rig.StatusAsync(lasting);
            Assert.Equal(ContainerState.ContainerRunning, running.State);
            Assert.NotEqual(0, running.StartedAt);
            Assert.NotNull(running.User);
            var ended = await rig.EndOfAsync(ending);
            Assert.Equal(4, ended.ExitCode);
            Assert.InRange(ended.StartedAt, 1, ended.FinishedAt);
            await rig.StopAsync(lasting, 0);
            Assert.Equal(137, (await rig.StatusAsync(lasting)).ExitCode);
        }
        await rig.RemovePodAsync(pod);
    }

    [RootFact(Needs = Needs)]
    public async Task A_root_whose_container_was_not_written_down_goes_with_the_next_start()
    {
        await using var suite = await SuiteInstance.StartAsync();
        var rig = new KubernetesRig(suite);
        await rig.BuildImageAsync();
        var graph = new Graph.V1.Graph.GraphClient(suite.Channel("image"));
        // As a kill leaves it that comes between the image service's work and the record of it.
        await graph.PrepareRootfsAsync(new Graph.V1.PrepareRootfsRequest { Key = "orphan", Image = KubernetesRig.Image, Labels = { ["suite.runtime.temporary"] = "" } }, cancellationToken: Token);
        await graph.PrepareRootfsAsync(new Graph.V1.PrepareRootfsRequest { Key = "foreign", Image = KubernetesRig.Image }, cancellationToken: Token);
        var pod = await rig.RunPodAsync();
        var id = await rig.CreateAsync(pod, KubernetesRig.ContainerConfig("known", "true"));
        await suite.Service("runtime").KillAsync(Token);
        await suite.StartServiceAsync("runtime");
        await UntilAsync(async () => !(await RootsAsync()).Contains("orphan"));
        Assert.Equal(new[] { "foreign", id }.Order(StringComparer.Ordinal), await RootsAsync());
        await graph.RemoveRootfsAsync(new Graph.V1.RemoveRootfsRequest { Key = "foreign" }, cancellationToken: Token);
        await rig.RemovePodAsync(pod);

        async Task<IReadOnlyList<string>> RootsAsync() =>
            [.. (await graph.ListRootfsAsync(new Graph.V1.ListRootfsRequest(), cancellationToken: Token)).Rootfs.Select(root => root.Key).Order(StringComparer.Ordinal)];
    }

    [RootFact(Needs = Needs)]
    public async Task A_shim_that_hangs_keeps_nobody_else_waiting()
    {
        await using var suite = await SuiteInstance.StartAsync();
        var rig = new KubernetesRig(suite);
        await rig.BuildImageAsync();
        var (hanging, other) = (await rig.RunPodAsync(), await rig.RunPodAsync());
        var id = await rig.StartAsync(hanging, "main", "sleep", "1000");
        using (await rig.HoldShimAsync(hanging))
        {
            await suite.Service("runtime").KillAsync(Token);
            await suite.StartServiceAsync("runtime");
            Assert.Equal(PodSandboxState.SandboxReady, await StateOfAsync(rig, other));
            await rig.StartAsync(other, "main", "sleep", "1000");
            await KubernetesRig.FailsAsync(StatusCode.Unavailable, () => rig.ExecAsync(id, "true"));
        }
        // It answers again, and is found.
        await UntilAsync(async () =>
        {
            try
            {
                return (await rig.ExecAsync(id, "true")).ExitCode == 0;
            }
            catch (RpcException notYet) when (notYet.StatusCode == StatusCode.Unavailable)
            {
                return false;
            }
        });
        await rig.RemovePodAsync(hanging);
        await rig.RemovePodAsync(other);
    }

    private static async Task KillDuringAsync(SuiteInstance suite, HeldProcess? held, Func<Task> begin, Func<bool> isAtStep)
    {
        // A service that wakes to a caller who has gone says so.
        suite.Expect("The request stream was aborted|The client reset the request stream|connection faulted");
        using var hold = held;
        var call = begin();
        for (var i = 0; i < 6000 && !isAtStep() && !call.IsCompleted; i++)
            await Task.Delay(5, Token);
        Assert.True(isAtStep() || call.IsCompleted, "the call did not come to its step within half a minute");
        Assert.False(call.IsCompleted, $"the call did not wait at its step: {call.Exception?.Message}");
        await suite.Service("runtime").KillAsync(Token);
        await Assert.ThrowsAsync<RpcException>(() => call);
        hold?.Dispose();
        await suite.StartServiceAsync("runtime");
    }

    // How many pods have a folder, with this file in it.
    private static int PodsWith(SuiteInstance suite, string file)
    {
        var pods = Path.Combine(suite.Run, "pods");
        return Directory.Exists(pods) ? Directory.GetDirectories(pods).Count(pod => Path.Exists(Path.Combine(pod, file))) : 0;
    }

    // How many namespaces have been given to pods; those that are kept ready have no name.
    private static int Networks(SuiteInstance suite) => Directory.GetFiles(Path.Combine(suite.Run, "netns")).Length;

    // What is written is in the journal of the database at once, and nothing else says so from outside.
    private static bool Recorded(SuiteInstance suite, string text) => TimesRecorded(suite, text) > 0;

    private static int TimesRecorded(SuiteInstance suite, string text)
    {
        using var journal = new FileStream(Path.Combine(suite.Root, "runtime", "runtime.db-wal"), FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete);
        var bytes = new byte[journal.Length];
        return bytes.AsSpan(0, journal.Read(bytes)).Count(Encoding.UTF8.GetBytes(text));
    }

    private static async Task RunsAgainAsync(KubernetesRig rig, PodSandboxConfig config)
    {
        var pod = await rig.RunPodAsync(config);
        Assert.Equal(PodSandboxState.SandboxReady, await StateOfAsync(rig, pod));
        await rig.RemovePodAsync(pod);
        // The one before is cleared up behind the callers' backs.
        await UntilAsync(() => Task.FromResult(PodsWith(rig.Suite, "") == 0));
    }

    private static async Task UntilAsync(Func<Task<bool>> condition)
    {
        for (var i = 0; i < 1500 && !await condition(); i++)
            await Task.Delay(20, Token);
        Assert.True(await condition(), "it did not come to that within half a minute");
    }

    private static async Task<PodSandboxState> StateOfAsync(KubernetesRig rig, string pod) =>
        (await rig.Runtime.PodSandboxStatusAsync(new PodSandboxStatusRequest { PodSandboxId = pod }, cancellationToken: Token)).Status.State;

    private static async Task<IReadOnlyList<string>> ListAsync(KubernetesRig rig) =>
        [.. (await rig.Runtime.ListContainersAsync(new ListContainersRequest(), cancellationToken: Token)).Containers.Select(container => container.Id)];

    private static Task StartAsync(KubernetesRig rig, string id) => rig.Runtime.StartContainerAsync(new StartContainerRequest { ContainerId = id }, cancellationToken: Token).ResponseAsync;

    private static Task StopAsync(KubernetesRig rig, string pod) => rig.Runtime.StopPodSandboxAsync(new StopPodSandboxRequest { PodSandboxId = pod }, cancellationToken: Token).ResponseAsync;

    private static Task RemoveAsync(KubernetesRig rig, string id) => rig.Runtime.RemoveContainerAsync(new RemoveContainerRequest { ContainerId = id }, cancellationToken: Token).ResponseAsync;
}
