using Grpc.Core;
using Runtime.V1;
using Suite.Runtime.Mapping;
using Suite.Runtime.Store;

namespace Suite.Runtime.Endpoints;

/// <summary>The calls about what pods and containers use.</summary>
internal sealed partial class RuntimeEndpoint
{
    public override async Task<ContainerStatsResponse> ContainerStats(ContainerStatsRequest request, ServerCallContext context) =>
        new() { Stats = await statistics.OfAsync(inventory.KubernetesContainer(request.ContainerId), context.CancellationToken).ConfigureAwait(false) };

    public override async Task<ListContainerStatsResponse> ListContainerStats(ListContainerStatsRequest request, ServerCallContext context)
    {
        var response = new ListContainerStatsResponse();
        await foreach (var batch in statistics.ContainersAsync(request.Filter, context.CancellationToken).ConfigureAwait(false))
            response.Stats.AddRange(batch);
        return response;
    }

    public override async Task StreamContainerStats(
        StreamContainerStatsRequest request, IServerStreamWriter<StreamContainerStatsResponse> responseStream, ServerCallContext context)
    {
        await foreach (var batch in statistics.ContainersAsync(request.Filter, context.CancellationToken).ConfigureAwait(false))
            await responseStream.WriteAsync(new StreamContainerStatsResponse { ContainerStats = { batch } }, context.CancellationToken).ConfigureAwait(false);
    }

    public override async Task<PodSandboxStatsResponse> PodSandboxStats(PodSandboxStatsRequest request, ServerCallContext context) =>
        new() { Stats = await statistics.OfAsync(inventory.KubernetesPod(request.PodSandboxId), context.CancellationToken).ConfigureAwait(false) };

    public override async Task<ListPodSandboxStatsResponse> ListPodSandboxStats(ListPodSandboxStatsRequest request, ServerCallContext context)
    {
        var response = new ListPodSandboxStatsResponse();
        await foreach (var stats in statistics.PodsAsync(request.Filter, context.CancellationToken).ConfigureAwait(false))
            response.Stats.Add(stats);
        return response;
    }

    public override async Task StreamPodSandboxStats(
        StreamPodSandboxStatsRequest request, IServerStreamWriter<StreamPodSandboxStatsResponse> responseStream, ServerCallContext context)
    {
        await foreach (var stats in statistics.PodsAsync(request.Filter, context.CancellationToken).ConfigureAwait(false))
            await responseStream.WriteAsync(new StreamPodSandboxStatsResponse { PodSandboxStats = { stats } }, context.CancellationToken).ConfigureAwait(false);
    }

    public override Task<ListMetricDescriptorsResponse> ListMetricDescriptors(ListMetricDescriptorsRequest request, ServerCallContext context) =>
        Task.FromResult(new ListMetricDescriptorsResponse { Descriptors = { MetricMessages.Descriptors() } });

    public override async Task<ListPodSandboxMetricsResponse> ListPodSandboxMetrics(ListPodSandboxMetricsRequest request, ServerCallContext context)
    {
        var response = new ListPodSandboxMetricsResponse();
        await foreach (var metrics in statistics.MetricsAsync(context.CancellationToken).ConfigureAwait(false))
            response.PodMetrics.Add(metrics);
        return response;
    }

    public override async Task StreamPodSandboxMetrics(
        StreamPodSandboxMetricsRequest request, IServerStreamWriter<StreamPodSandboxMetricsResponse> responseStream, ServerCallContext context)
    {
        await foreach (var metrics in statistics.MetricsAsync(context.CancellationToken).ConfigureAwait(false))
            await responseStream.WriteAsync(new StreamPodSandboxMetricsResponse { PodSandboxMetrics = { metrics } }, context.CancellationToken).ConfigureAwait(false);
    }
}
