using Grpc.Core;
using Runtime.V1;
using Suite.Testing.Requirements;
using Suite.Testing.Services;

namespace Suite.E2e.Tests.Runtime;

/// <summary>GetContainerEvents: what an evented kubelet lives on.</summary>
public sealed class EventTests
{
    private const Need Needs = Need.Executables | Need.Busybox;

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [RootFact(Needs = Needs)]
    public async Task Each_event_comes_once_in_order_with_all_statuses()
    {
        await using var suite = await SuiteInstance.StartAsync();
        var rig = new KubernetesRig(suite);
        await rig.BuildImageAsync();
        using var call = rig.Runtime.GetContainerEvents(new GetEventsRequest(), cancellationToken: Token);
        var pod = await rig.RunPodAsync();
        var id = await rig.StartAsync(pod, "main", "sh", "-c", "exit 3");
        await rig.EndOfAsync(id);
        await rig.RemovePodAsync(pod);

        var events = await ReadAsync(call, 7);
        Assert.Equal(
            [
                (pod, ContainerEventType.ContainerStartedEvent), (id, ContainerEventType.ContainerCreatedEvent), (id, ContainerEventType.ContainerStartedEvent),
                (id, ContainerEventType.ContainerStoppedEvent), (pod, ContainerEventType.ContainerStoppedEvent), (id, ContainerEventType.ContainerDeletedEvent),
                (pod, ContainerEventType.ContainerDeletedEvent),
            ],
            events.Select(happened => (happened.ContainerId, happened.ContainerEventType)));
        // kubelet takes the pod's uid from each of them, the last one too.
        Assert.All(events, happened => Assert.Equal((pod, "pod"), (happened.PodSandboxStatus.Id, happened.PodSandboxStatus.Metadata.Name)));
        var stopped = Assert.Single(events[3].ContainersStatuses);
        Assert.Equal((ContainerState.ContainerExited, 3), (stopped.State, stopped.ExitCode));
        Assert.Equal(ContainerState.ContainerCreated, Assert.Single(events[1].ContainersStatuses).State);
        Assert.Empty(events[5].ContainersStatuses);
        Assert.True(events.Zip(events.Skip(1)).All(pair => pair.First.CreatedAt <= pair.Second.CreatedAt));
    }

    [RootFact(Needs = Needs)]
    public async Task An_end_while_the_service_was_down_is_told_after_it()
    {
        await using var suite = await SuiteInstance.StartAsync();
        var rig = new KubernetesRig(suite);
        await rig.BuildImageAsync();
        var pod = await rig.RunPodAsync();
        var id = await rig.StartAsync(pod, "main", "sh", "-c", "while [ ! -e /stop ]; do sleep 0.05; done; exit 4");
        var pid = await PidAsync(rig, id);
        await suite.Service("runtime").KillAsync(Token);
        await File.WriteAllTextAsync($"/proc/{pid}/root/stop", "", Token);
        while (Directory.Exists($"/proc/{pid}"))
            await Task.Delay(10, Token);
        await suite.StartServiceAsync("runtime");

        using var call = rig.Runtime.GetContainerEvents(new GetEventsRequest(), cancellationToken: Token);
        var happened = Assert.Single(await ReadAsync(call, 1));
        Assert.Equal((id, ContainerEventType.ContainerStoppedEvent), (happened.ContainerId, happened.ContainerEventType));
        Assert.Equal(4, Assert.Single(happened.ContainersStatuses).ExitCode);
        await rig.RemovePodAsync(pod);
    }

    private static async Task<int> PidAsync(KubernetesRig rig, string id) =>
        (await rig.Suite.Containers.InspectAsync(new Container.V1.InspectRequest { Container = id }, cancellationToken: Token)).Container.Pid;

    private static async Task<List<ContainerEventResponse>> ReadAsync(AsyncServerStreamingCall<ContainerEventResponse> call, int count)
    {
        var events = new List<ContainerEventResponse>();
        while (events.Count < count && await call.ResponseStream.MoveNext(Token))
            events.Add(call.ResponseStream.Current);
        return events;
    }
}
