using Google.Protobuf;
using Grpc.Core;
using Runtime.V1;
using Suite.Runtime.Mapping;
using Suite.Runtime.Store;

namespace Suite.Runtime.Endpoints;

/// <summary>The calls about containers.</summary>
internal sealed partial class RuntimeEndpoint
{
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
        Task.FromResult(statuses.Of(inventory.KubernetesContainer(request.ContainerId), request.Verbose));

    public override async Task<UpdateContainerResourcesResponse> UpdateContainerResources(UpdateContainerResourcesRequest request, ServerCallContext context)
    {
        var container = inventory.KubernetesContainer(request.ContainerId);
        if (request.Linux is { } asked)
            await updateResources.UpdateAsync(container.Id, asked.ToDomain("linux"), context.CancellationToken).ConfigureAwait(false);
        return new UpdateContainerResourcesResponse();
    }

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
}
