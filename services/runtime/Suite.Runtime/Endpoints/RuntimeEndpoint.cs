using Grpc.Core;
using Runtime.V1;
using Suite.Runtime.Containers;
using Suite.Runtime.Mapping;
using Suite.Runtime.Peers;
using Suite.Runtime.Pods;
using Suite.Runtime.Store;
using Suite.Runtime.Streaming;

namespace Suite.Runtime.Endpoints;

/// <summary>
/// CRI's RuntimeService. Each method maps the words and hands on to one use case; a call not built yet is UNIMPLEMENTED.
/// </summary>
internal sealed partial class RuntimeEndpoint(
    Inventory inventory,
    RuntimeHealth health,
    NetworkPeer network,
    RunPodSandbox runPod,
    StopPodSandbox stopPod,
    RemovePodSandbox removePod,
    UpdatePodResources updatePod,
    CreateContainer createContainer,
    StartContainer startContainer,
    StopContainer stopContainer,
    RemoveContainer removeContainer,
    UpdateResources updateResources,
    ReopenLog reopenLog,
    ExecSync execSync,
    Statuses statuses,
    StatisticsAnswers statistics,
    EventFeed events,
    OfferStream offer) : RuntimeService.RuntimeServiceBase
{
    public override Task<VersionResponse> Version(VersionRequest request, ServerCallContext context) =>
        Task.FromResult(RuntimeFacts.Version());

    public override Task<StatusResponse> Status(StatusRequest request, ServerCallContext context) =>
        health.StatusAsync(request.Verbose, context.CancellationToken);

    public override Task<RuntimeConfigResponse> RuntimeConfig(RuntimeConfigRequest request, ServerCallContext context) =>
        Task.FromResult(RuntimeFacts.Configuration());

    /// <summary>kubelet sends the node's pod CIDRs, joined by commas, once its cluster has given them.</summary>
    public override async Task<UpdateRuntimeConfigResponse> UpdateRuntimeConfig(UpdateRuntimeConfigRequest request, ServerCallContext context)
    {
        var ranges = (request.RuntimeConfig?.NetworkConfig?.PodCidr ?? "").Split(',', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);
        if (ranges.Length > 0)
            await network.SetPodRangesAsync(ranges, context.CancellationToken).ConfigureAwait(false);
        return new UpdateRuntimeConfigResponse();
    }

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
        Task.FromResult(statuses.Of(inventory.KubernetesPod(request.PodSandboxId), request.Verbose));

    public override async Task<UpdatePodSandboxResourcesResponse> UpdatePodSandboxResources(UpdatePodSandboxResourcesRequest request, ServerCallContext context)
    {
        await updatePod.UpdateAsync(
            inventory.KubernetesPod(request.PodSandboxId).Id,
            request.Overhead?.ToDomain("overhead"),
            request.Resources?.ToDomain("resources"),
            context.CancellationToken).ConfigureAwait(false);
        return new UpdatePodSandboxResourcesResponse();
    }

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

    public override Task GetContainerEvents(
        GetEventsRequest request, IServerStreamWriter<ContainerEventResponse> responseStream, ServerCallContext context) =>
        events.WriteAsync(responseStream, context.CancellationToken);
}
