using Grpc.Core;
using Suite.Container.V1;
using Suite.E2e.Tests.Runtime;
using Suite.Testing.Requirements;
using Suite.Testing.Services;

namespace Suite.E2e.Tests.Containers;

/// <summary>suite.container.v1's calls about running containers.</summary>
public sealed class ContainerLifeTests
{
    private const Need Needs = Need.Executables | Need.Busybox;

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [RootFact(Needs = Needs)]
    public async Task Pause_rename_update_top_stats_and_events()
    {
        await using var suite = await SuiteInstance.StartAsync();
        await new KubernetesRig(suite).BuildImageAsync();
        var since = Now();
        var id = await StartAsync(suite, new ContainerSpec { Name = "busy", Image = KubernetesRig.Image, Command = { "sh", "-c", "while :; do sleep 0.01; done" }, Labels = { ["a"] = "b" } });

        await suite.Containers.PauseAsync(new PauseRequest { Container = "busy" }, cancellationToken: Token);
        Assert.Equal(State.Paused, (await InspectAsync(suite, "busy")).Container.State);
        await KubernetesRig.FailsAsync(StatusCode.FailedPrecondition, () => suite.Containers.PauseAsync(new PauseRequest { Container = "busy" }, cancellationToken: Token).ResponseAsync);
        await suite.Containers.ResumeAsync(new ResumeRequest { Container = "busy" }, cancellationToken: Token);
        await KubernetesRig.FailsAsync(StatusCode.FailedPrecondition, () => suite.Containers.ResumeAsync(new ResumeRequest { Container = "busy" }, cancellationToken: Token).ResponseAsync);

        await suite.Containers.RenameAsync(new RenameRequest { Container = "busy", Name = "calm" }, cancellationToken: Token);
        await KubernetesRig.FailsAsync(StatusCode.NotFound, () => suite.Containers.InspectAsync(new InspectRequest { Container = "busy" }, cancellationToken: Token).ResponseAsync);
        // The old name is free again.
        await suite.Containers.CreateAsync(new CreateRequest { Spec = new ContainerSpec { Name = "busy", Image = KubernetesRig.Image } }, cancellationToken: Token);
        await KubernetesRig.FailsAsync(StatusCode.AlreadyExists, () => suite.Containers.RenameAsync(new RenameRequest { Container = "calm", Name = "busy" }, cancellationToken: Token).ResponseAsync);

        await suite.Containers.UpdateAsync(new UpdateRequest { Container = "calm", Resources = new Resources { MemoryBytes = 64 << 20 } }, cancellationToken: Token);
        Assert.Equal(64 << 20, (await InspectAsync(suite, "calm")).Spec.Resources.MemoryBytes);

        var top = await suite.Containers.TopAsync(new TopRequest { Container = "calm" }, cancellationToken: Token);
        Assert.Contains(top.Processes, process => process.Command.Contains("sh") && process.ResidentBytes > 0);

        using var stats = suite.Containers.Stats(new StatsRequest { Containers = { "calm" } }, cancellationToken: Token);
        Assert.True(await stats.ResponseStream.MoveNext(Token));
        Assert.False(stats.ResponseStream.Current.Containers[0].HasCpuRate);
        Assert.True(await stats.ResponseStream.MoveNext(Token));
        var usage = stats.ResponseStream.Current.Containers[0];
        Assert.True(usage is { HasCpuRate: true, MemoryBytes: > 0, MemoryLimitBytes: 64 << 20, Pids: > 0 }, usage.ToString());

        // A paused container is let go before it is stopped.
        await suite.Containers.PauseAsync(new PauseRequest { Container = "calm" }, cancellationToken: Token);
        await suite.Containers.StopAsync(new StopRequest { Container = "calm", Timeout = 0 }, cancellationToken: Token);
        Assert.Equal(137, (await InspectAsync(suite, "calm")).Container.ExitCode);
        var pruned = await suite.Containers.PruneAsync(new PruneRequest(), cancellationToken: Token);
        Assert.Equal(2, pruned.Ids.Count);

        using var events = suite.Containers.Events(new EventsRequest { Since = since, Until = Now() }, cancellationToken: Token);
        var actions = new List<string>();
        await foreach (var response in events.ResponseStream.ReadAllAsync(Token))
        {
            if (response.Event?.Id == id)
                actions.Add(response.Event.Action);
        }
        Assert.Equal(["create", "start", "pause", "unpause", "rename", "update", "top", "pause", "unpause", "kill", "die", "stop", "destroy"], actions);
    }

    [RootFact(Needs = Needs)]
    public async Task Restart_policies_count_give_up_and_survive_the_services()
    {
        await using var suite = await SuiteInstance.StartAsync();
        await new KubernetesRig(suite).BuildImageAsync();
        var policy = new RestartPolicy { Mode = RestartMode.OnFailure, Retries = 2 };
        await StartAsync(suite, new ContainerSpec { Name = "fails", Image = KubernetesRig.Image, Command = { "sh", "-c", "exit 3" }, Restart = policy });
        var always = new RestartPolicy { Mode = RestartMode.Always };
        await StartAsync(suite, new ContainerSpec { Name = "always", Image = KubernetesRig.Image, Command = { "sleep", "3600" }, Restart = always });
        await StartAsync(suite, new ContainerSpec { Name = "unless", Image = KubernetesRig.Image, Command = { "sleep", "3600" }, Restart = new RestartPolicy { Mode = RestartMode.UnlessStopped } });

        await UntilAsync(suite, "fails", info => info is { State: State.Exited, RestartCount: 2, ExitCode: 3 });

        // Ended by itself it comes back; stopped by a person it does not.
        System.Diagnostics.Process.GetProcessById((await InspectAsync(suite, "always")).Container.Pid).Kill();
        await UntilAsync(suite, "always", info => info is { State: State.Running, RestartCount: 1 });
        foreach (var name in (string[])["always", "unless"])
            await suite.Containers.StopAsync(new StopRequest { Container = name, Timeout = 0 }, cancellationToken: Token);

        await suite.RestartAsync("runtime");
        await UntilAsync(suite, "always", info => info.State == State.Running);
        Assert.Equal(State.Exited, (await InspectAsync(suite, "unless")).Container.State);
        Assert.Equal(State.Exited, (await InspectAsync(suite, "fails")).Container.State);
    }

    [RootFact(Needs = Needs)]
    public async Task Wait_knows_the_next_end_and_the_removal()
    {
        await using var suite = await SuiteInstance.StartAsync();
        await new KubernetesRig(suite).BuildImageAsync();
        await suite.Containers.CreateAsync(new CreateRequest { Spec = new ContainerSpec { Name = "w", Image = KubernetesRig.Image, Command = { "sh", "-c", "exit 7" } } }, cancellationToken: Token);
        var next = suite.Containers.WaitAsync(new WaitRequest { Container = "w", Condition = WaitCondition.NextExit }, cancellationToken: Token).ResponseAsync;
        var removed = suite.Containers.WaitAsync(new WaitRequest { Container = "w", Condition = WaitCondition.Removed }, cancellationToken: Token).ResponseAsync;
        await suite.Containers.StartAsync(new StartRequest { Container = "w" }, cancellationToken: Token);
        await next;
        Assert.False(removed.IsCompleted);
        await suite.Containers.RemoveAsync(new RemoveRequest { Container = "w", Force = true }, cancellationToken: Token);
        Assert.Equal(7, (await removed).ExitCode);
    }

    private static async Task<string> StartAsync(SuiteInstance suite, ContainerSpec spec)
    {
        var made = await suite.Containers.CreateAsync(new CreateRequest { Spec = spec }, cancellationToken: Token);
        await suite.Containers.StartAsync(new StartRequest { Container = made.Id }, cancellationToken: Token);
        return made.Id;
    }

    private static Task<InspectResponse> InspectAsync(SuiteInstance suite, string name) =>
        suite.Containers.InspectAsync(new InspectRequest { Container = name }, cancellationToken: Token).ResponseAsync;

    private static async Task UntilAsync(SuiteInstance suite, string name, Func<ContainerInfo, bool> so)
    {
        while (!so((await InspectAsync(suite, name)).Container))
            await Task.Delay(20, Token);
    }

    private static long Now() => (DateTimeOffset.UtcNow - DateTimeOffset.UnixEpoch).Ticks * 100;
}
