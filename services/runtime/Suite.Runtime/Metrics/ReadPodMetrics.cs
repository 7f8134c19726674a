using Suite.Hosting;
using Suite.Linux.Cgroups;
using Suite.Linux.Files;
using Suite.Linux.Handles;
using Suite.Linux.Processes;
using Suite.Runtime.Pods;
using Suite.Runtime.Statistics;

namespace Suite.Runtime.Metrics;

/// <summary>What a pod's metrics follow from.</summary>
internal sealed record PodFigures(PodSample Sample, IReadOnlyList<ContainerFigures> Containers);

/// <summary>Reads what the metrics of pods need: the samples that statistics take too, and the files that only metrics ask for.</summary>
internal sealed class ReadPodMetrics(SamplePods samples, PodPlaces places, CgroupHost host, SuitePaths paths)
{
    /// <summary>Of the file system that containers write to. The same for all of one answer.</summary>
    public (FilesystemSpace Space, string Device) Space()
    {
        var path = paths.StateDirectory("image");
        if (!Directory.Exists(path))
            path = paths.Root;
        return (FilesystemSpace.Of(path), BlockDevices.SourceOf(Descriptor.TryReadText("/proc/self/mountinfo") ?? "", path));
    }

    public async Task<PodFigures> OfAsync(Pod pod, (FilesystemSpace Space, string Device) space, CancellationToken cancellationToken)
    {
        var sample = await samples.OfAsync(pod, cancellationToken).ConfigureAwait(false);
        var reader = new FigureReader();
        return new PodFigures(sample, [.. sample.Containers.Where(container => container.Usage is not null).Select(container => Read(reader, pod, container, space))]);
    }

    private ContainerFigures Read(FigureReader reader, Pod pod, ContainerSample sample, (FilesystemSpace Space, string Device) space)
    {
        var path = places.CgroupOf(pod, sample.Container.Id);
        return new ContainerFigures
        {
            Sample = sample,
            Usage = sample.Usage!,
            MemoryLimits = MemoryLimitFigures.Read(reader, host, path),
            Processes = ProcessFigures.Read(reader, host, path),
            Devices = BlockFigures.Read(reader, host, path),
            Hugepages = HugepageFigures.Read(reader, host, path),
            TaskLimit = host.Find("pids") is { } pids ? reader.Number($"{pids.PathOf(path)}/pids.max") : null,
            Space = space.Space,
            SpaceDevice = space.Device,
        };
    }
}
