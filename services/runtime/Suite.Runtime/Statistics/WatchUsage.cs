using Suite.Linux.Cgroups;
using Suite.Runtime.Containers;
using Suite.Runtime.Pods;
using Suite.Runtime.Store;

namespace Suite.Runtime.Statistics;

/// <summary>What a person sees of a container's use: its figures at one moment.</summary>
internal sealed record UsageLine(ContainerRecord Container, long At, UsageSample? Usage, ulong? CpuRate, ulong ReceivedBytes, ulong SentBytes, ulong ReadBytes, ulong WrittenBytes);

/// <summary>The use of containers, look after look. One for each caller: a rate is counted between that caller's own looks.</summary>
internal sealed class WatchUsage(SampleContainers sampling, Inventory inventory, PodPlaces places, CgroupHost host)
{
    private readonly Dictionary<string, (long At, ulong Cpu)> _before = [];

    public async Task<IReadOnlyList<UsageLine>> LookAsync(IEnumerable<ContainerRecord> containers, CancellationToken cancellationToken)
    {
        var samples = await sampling.OfAsync(containers, cancellationToken).ConfigureAwait(false);
        var reader = new FigureReader();
        return [.. samples.Select(sample => Line(reader, sample))];
    }

    private UsageLine Line(FigureReader reader, ContainerSample sample)
    {
        var container = sample.Container;
        if (sample.Usage is not { } usage || !inventory.TryGetPod(container.PodId, out var pod))
            return new UsageLine(container, sample.At, null, null, 0, 0, 0, 0);
        ulong? rate = null;
        if (_before.TryGetValue(container.Id, out var before) && sample.At > before.At && usage.Cpu.UsageNanoseconds >= before.Cpu)
            rate = (ulong)((usage.Cpu.UsageNanoseconds - before.Cpu) * 1e9 / (sample.At - before.At));
        _before[container.Id] = (sample.At, usage.Cpu.UsageNanoseconds);
        var blocks = BlockFigures.Read(reader, host, places.CgroupOf(pod, container.Id));
        IReadOnlyList<InterfaceFigures> interfaces = pod is { NetnsPath: not null, Shim: { } shim } ? UsageReader.Interfaces(reader, shim.Pid) : [];
        return new UsageLine(
            container, sample.At, usage, rate,
            Sum(interfaces, one => one.ReceivedBytes), Sum(interfaces, one => one.SentBytes), Sum(blocks, one => one.ReadBytes), Sum(blocks, one => one.WrittenBytes));
    }

    private static ulong Sum<T>(IReadOnlyList<T> items, Func<T, ulong> figure) => items.Aggregate(0UL, (sum, item) => sum + figure(item));
}
