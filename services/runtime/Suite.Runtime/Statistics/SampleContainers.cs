using Suite.Linux.Cgroups;
using Suite.Runtime.Containers;
using Suite.Runtime.Pods;
using Suite.Runtime.Store;

namespace Suite.Runtime.Statistics;

/// <summary>What containers use, from one pass over their cgroups: no shim is asked, and nothing is started.</summary>
internal sealed class SampleContainers(Inventory inventory, PodPlaces places, UsageReader usage, WritableLayers layers, TimeProvider time)
{
    public async Task<ContainerSample> OfAsync(ContainerRecord container, CancellationToken cancellationToken) =>
        (await OfAsync([container], cancellationToken).ConfigureAwait(false))[0];

    public async Task<IReadOnlyList<ContainerSample>> OfAsync(IEnumerable<ContainerRecord> containers, CancellationToken cancellationToken)
    {
        var reader = new FigureReader();
        var samples = containers.Select(container => Read(reader, container)).ToArray();
        for (var i = 0; i < samples.Length; i++)
            samples[i] = samples[i] with { Layer = await layers.OfAsync(samples[i].Container.Id, cancellationToken).ConfigureAwait(false) };
        return samples;
    }

    private ContainerSample Read(FigureReader reader, ContainerRecord container)
    {
        var at = time.NowNanoseconds();
        var running = container.State == ContainerState.Running && inventory.TryGetPod(container.PodId, out var pod)
            ? usage.Read(reader, container.Id, places.CgroupOf(pod, container.Id), at)
            : null;
        return new ContainerSample { Container = container, At = at, Usage = running };
    }
}
