using System.Runtime.CompilerServices;
using Runtime.V1;
using Suite.Hosting;
using Suite.Runtime.Containers;
using Suite.Runtime.Mapping;
using Suite.Runtime.Metrics;
using Suite.Runtime.Pods;
using Suite.Runtime.Statistics;
using Suite.Runtime.Store;
using ContainerState = Suite.Runtime.Containers.ContainerState;

namespace Suite.Runtime.Endpoints;

/// <summary>Which pods and containers a caller asks about, sampled, in CRI's words. Read as it is written out, never all at once.</summary>
internal sealed class StatisticsAnswers(
    Inventory inventory, SampleContainers containers, SamplePods pods, ReadPodMetrics metrics, PodPlaces places, SuitePaths paths)
{
    // A container's is some 400 bytes without labels; this is far below the limit of a message, whatever the labels.
    private const int Batch = 100;

    private readonly StatsMessages _stats = new(paths.StateDirectory("image"));
    private readonly MetricMessages _metrics = new(places);

    public async Task<ContainerStats> OfAsync(ContainerRecord container, CancellationToken cancellationToken) =>
        _stats.ToMessage(await containers.OfAsync(container, cancellationToken).ConfigureAwait(false));

    public async Task<PodSandboxStats> OfAsync(Pod pod, CancellationToken cancellationToken) =>
        _stats.ToMessage(await pods.OfAsync(pod, cancellationToken).ConfigureAwait(false));

    public async IAsyncEnumerable<IEnumerable<ContainerStats>> ContainersAsync(
        ContainerStatsFilter? filter, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        var chosen = inventory.Containers.Where(container =>
            container is { Origin: PodOrigin.Kubernetes, State: ContainerState.Running } && Matches(container, filter));
        foreach (var batch in chosen.Chunk(Batch))
            yield return (await containers.OfAsync(batch, cancellationToken).ConfigureAwait(false)).Select(_stats.ToMessage);
    }

    public async IAsyncEnumerable<PodSandboxStats> PodsAsync(PodSandboxStatsFilter? filter, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        foreach (var pod in Ready().Where(pod => Matches(pod, filter)))
            yield return await OfAsync(pod, cancellationToken).ConfigureAwait(false);
    }

    public async IAsyncEnumerable<PodSandboxMetrics> MetricsAsync([EnumeratorCancellation] CancellationToken cancellationToken)
    {
        var space = metrics.Space();
        foreach (var pod in Ready())
            yield return _metrics.ToMessage(await metrics.OfAsync(pod, space, cancellationToken).ConfigureAwait(false));
    }

    private IEnumerable<Pod> Ready() => inventory.Pods.Where(pod => pod is { Origin: PodOrigin.Kubernetes, IsReady: true });

    private static bool Matches(ContainerRecord container, ContainerStatsFilter? filter) =>
        filter is null
        || (container.Id.StartsWith(filter.Id, StringComparison.Ordinal)
            && container.PodId.StartsWith(filter.PodSandboxId, StringComparison.Ordinal)
            && container.Config.Labels.Match(filter.LabelSelector));

    private static bool Matches(Pod pod, PodSandboxStatsFilter? filter) =>
        filter is null || (pod.Id.StartsWith(filter.Id, StringComparison.Ordinal) && pod.Config.Labels.Match(filter.LabelSelector));
}
