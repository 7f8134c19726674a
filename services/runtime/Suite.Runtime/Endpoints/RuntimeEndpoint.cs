using Google.Protobuf;
using Grpc.Core;
using Runtime.V1;
using Suite.Runtime.Containers;
using Suite.Runtime.Mapping;
using Suite.Runtime.Pods;
using Suite.Runtime.Statistics;
using Suite.Runtime.Store;
using Suite.Runtime.Streaming;

namespace Suite.Runtime.Endpoints;

/// <summary>
/// CRI's RuntimeService. Each method maps the words and hands on to one use case; a call not built yet is UNIMPLEMENTED.
/// verbose asks for something in Status alone: elsewhere the further information, which is optional, stays empty.
/// </summary>
internal sealed partial class RuntimeEndpoint(
    Inventory inventory,
    RuntimeHealth health,
    RunPodSandbox runPod,
    StopPodSandbox stopPod,
    RemovePodSandbox removePod,
    CreateContainer createContainer,
    StartContainer startContainer,
    StopContainer stopContainer,
    RemoveContainer removeContainer,
    ReopenLog reopenLog,
    ExecSync execSync,
    ReadContainerStats stats,
    EventFeed events,
    OfferStream offer) : RuntimeService.RuntimeServiceBase
{
    public override Task<VersionResponse> Version(VersionRequest request, ServerCallContext context) =>
        Task.FromResult(RuntimeFacts.Version());

    public override Task<StatusResponse> Status(StatusRequest request, ServerCallContext context) =>
        health.StatusAsync(request.Verbose, context.CancellationToken);

    public override Task<RuntimeConfigResponse> RuntimeConfig(RuntimeConfigRequest request, ServerCallContext context) =>
        Task.FromResult(RuntimeFacts.Configuration());

    // kubelet sends its pod CIDR; addresses are suite-network's own affair.
    public override Task<UpdateRuntimeConfigResponse> UpdateRuntimeConfig(UpdateRuntimeConfigRequest request, ServerCallContext context) =>
        Task.FromResult(new UpdateRuntimeConfigResponse());

    public override async Task<RunPodSandboxResponse> RunPodSandbox(RunPodSandboxRequest request, ServerCallContext context) =>
        new() { PodSandboxId = await runPod.RunAsync(request.Config.ToDomain(), request.RuntimeHandler, context.CancellationToken).ConfigureAwait(false) };

    public override async Task<StopPodSandboxResponse> StopPodSandbox(StopPodSandboxRequest request, ServerCallContext context)
    {
        if (inventory.FindKubernetesPod(request.PodSandboxId) is { } pod)
            await stopPod.StopAsync(pod.Id, context.CancellationToken).ConfigureAwait(false);
        return new StopPodSandboxResponse();
    }

    public override async Task<RemovePodSandboxResponse> RemovePodSandbox(RemovePodSandboxRequest request, ServerCallContext context)
    {
        if (inventory.FindKubernetesPod(request.PodSandboxId) is { } pod)
            await removePod.RemoveAsync(pod.Id, context.CancellationToken).ConfigureAwait(false);
        return new RemovePodSandboxResponse();
    }

    public override Task<PodSandboxStatusResponse> PodSandboxStatus(PodSandboxStatusRequest request, ServerCallContext context) =>
        Task.FromResult(PodLists.Status(inventory, inventory.KubernetesPod(request.PodSandboxId)));

    public override Task<ListPodSandboxResponse> ListPodSandbox(ListPodSandboxRequest request, ServerCallContext context)
    {
        var response = new ListPodSandboxResponse();
        response.Items.AddRange(PodLists.Pods(inventory, request.Filter));
        return Task.FromResult(response);
    }

    public override async Task StreamPodSandboxes(
        StreamPodSandboxesRequest request, IServerStreamWriter<StreamPodSandboxesResponse> responseStream, ServerCallContext context)
    {
        foreach (var batch in PodLists.Pods(inventory, request.Filter).Chunk(PodLists.Batch))
        {
            var response = new StreamPodSandboxesResponse();
            response.PodSandboxes.AddRange(batch);
            await responseStream.WriteAsync(response, context.CancellationToken).ConfigureAwait(false);
        }
    }

    public override async Task<CreateContainerResponse> CreateContainer(CreateContainerRequest request, ServerCallContext context)
    {
        var pod = inventory.KubernetesPod(request.PodSandboxId);
        var container = await createContainer.CreateAsync(pod, request.Config.ToDomain(), context.CancellationToken).ConfigureAwait(false);
        return new CreateContainerResponse { ContainerId = container.Id };
    }

    public override async Task<StartContainerResponse> StartContainer(StartContainerRequest request, ServerCallContext context)
    {
        await startContainer.StartAsync(inventory.KubernetesContainer(request.ContainerId).Id, context.CancellationToken).ConfigureAwait(false);
        return new StartContainerResponse();
    }

    public override async Task<StopContainerResponse> StopContainer(StopContainerRequest request, ServerCallContext context)
    {
        var grace = TimeSpan.FromSeconds(Math.Clamp(request.Timeout, 0, int.MaxValue));
        if (inventory.FindKubernetesContainer(request.ContainerId) is { } container)
            await stopContainer.StopAsync(container.Id, grace, context.CancellationToken).ConfigureAwait(false);
        return new StopContainerResponse();
    }

    public override async Task<RemoveContainerResponse> RemoveContainer(RemoveContainerRequest request, ServerCallContext context)
    {
        if (inventory.FindKubernetesContainer(request.ContainerId) is { } container)
            await removeContainer.RemoveAsync(container.Id, context.CancellationToken).ConfigureAwait(false);
        return new RemoveContainerResponse();
    }

    public override Task<ListContainersResponse> ListContainers(ListContainersRequest request, ServerCallContext context)
    {
        var response = new ListContainersResponse();
        response.Containers.AddRange(PodLists.Containers(inventory, request.Filter));
        return Task.FromResult(response);
    }

    public override async Task StreamContainers(
        StreamContainersRequest request, IServerStreamWriter<StreamContainersResponse> responseStream, ServerCallContext context)
    {
        foreach (var batch in PodLists.Containers(inventory, request.Filter).Chunk(PodLists.Batch))
        {
            var response = new StreamContainersResponse();
            response.Containers.AddRange(batch);
            await responseStream.WriteAsync(response, context.CancellationToken).ConfigureAwait(false);
        }
    }

    public override Task<ContainerStatusResponse> ContainerStatus(ContainerStatusRequest request, ServerCallContext context) =>
        Task.FromResult(new ContainerStatusResponse { Status = inventory.KubernetesContainer(request.ContainerId).ToStatus() });

    public override async Task<ReopenContainerLogResponse> ReopenContainerLog(ReopenContainerLogRequest request, ServerCallContext context)
    {
        await reopenLog.ReopenAsync(inventory.KubernetesContainer(request.ContainerId), context.CancellationToken).ConfigureAwait(false);
        return new ReopenContainerLogResponse();
    }

    public override async Task<ExecSyncResponse> ExecSync(ExecSyncRequest request, ServerCallContext context)
    {
        var outcome = await execSync.RunAsync(
            inventory.KubernetesContainer(request.ContainerId),
            request.Cmd,
            TimeSpan.FromSeconds(Math.Clamp(request.Timeout, 0, int.MaxValue / 1000)),
            context.CancellationToken).ConfigureAwait(false);
        return new ExecSyncResponse
        {
            Stdout = UnsafeByteOperations.UnsafeWrap(outcome.Output),
            Stderr = UnsafeByteOperations.UnsafeWrap(outcome.Error),
            ExitCode = outcome.ExitCode,
        };
    }

    public override async Task<ContainerStatsResponse> ContainerStats(ContainerStatsRequest request, ServerCallContext context) =>
        new() { Stats = await stats.OfAsync(inventory.KubernetesContainer(request.ContainerId), context.CancellationToken).ConfigureAwait(false) };

    public override async Task<ListContainerStatsResponse> ListContainerStats(ListContainerStatsRequest request, ServerCallContext context)
    {
        var response = new ListContainerStatsResponse();
        response.Stats.AddRange(await stats.ListAsync(request.Filter, context.CancellationToken).ConfigureAwait(false));
        return response;
    }

    public override Task GetContainerEvents(
        GetEventsRequest request, IServerStreamWriter<ContainerEventResponse> responseStream, ServerCallContext context) =>
        events.WriteAsync(responseStream, context.CancellationToken);
}
