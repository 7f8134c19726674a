using Runtime.V1;
using Suite.Linux.Errors;
using Suite.Runtime.Containers;
using Suite.Runtime.Exec.Shims;
using Suite.Runtime.Mapping;
using Suite.Runtime.Pods;
using Suite.Runtime.Shims;
using Suite.Runtime.Store;
using ContainerState = Suite.Runtime.Containers.ContainerState;

namespace Suite.Runtime.Statistics;

/// <summary>What running containers use, read from their cgroups by their shims.</summary>
internal sealed class ReadContainerStats(Inventory inventory, PodShims shims, TimeProvider time)
{
    public async Task<ContainerStats> OfAsync(ContainerRecord container, CancellationToken cancellationToken)
    {
        var stats = new ContainerStats
        {
            Attributes = new ContainerAttributes
            {
                Id = container.Id,
                Metadata = new ContainerMetadata { Name = container.Config.Name, Attempt = container.Config.Attempt },
            },
        };
        stats.Attributes.Labels.Fill(container.Config.Labels);
        stats.Attributes.Annotations.Fill(container.Config.Annotations);
        stats.WritableLayer = new FilesystemUsage { Timestamp = time.NowNanoseconds(), FsId = new FilesystemIdentifier(), UsedBytes = new UInt64Value(), InodesUsed = new UInt64Value() };
        if (await UsageAsync(container, cancellationToken).ConfigureAwait(false) is { } usage)
            Fill(stats, usage);
        return stats;
    }

    public async Task<IReadOnlyList<ContainerStats>> ListAsync(ContainerStatsFilter? filter, CancellationToken cancellationToken)
    {
        var chosen = inventory.Containers.Where(container =>
            container is { Origin: PodOrigin.Kubernetes, State: ContainerState.Running }
            && (filter is null
                || (container.Id.StartsWith(filter.Id, StringComparison.Ordinal)
                    && container.PodId.StartsWith(filter.PodSandboxId, StringComparison.Ordinal)
                    && container.Config.Labels.Match(filter.LabelSelector))));
        return await Task.WhenAll(chosen.Select(container => OfAsync(container, cancellationToken))).ConfigureAwait(false);
    }

    private async Task<ContainerUsage?> UsageAsync(ContainerRecord container, CancellationToken cancellationToken)
    {
        if (container.State != ContainerState.Running || shims.Find(container.PodId) is not { } shim)
            return null;
        try
        {
            return await shim.ReadUsageAsync(container.Id, cancellationToken).ConfigureAwait(false);
        }
        catch (SuiteException ended) when (ended.Kind is ErrorKind.FailedPrecondition or ErrorKind.NotFound or ErrorKind.Unavailable)
        {
            return null;
        }
    }

    private static void Fill(ContainerStats stats, ContainerUsage usage)
    {
        var timestamp = usage.ReadAt.ToNanoseconds();
        stats.Cpu = new CpuUsage { Timestamp = timestamp, UsageCoreNanoSeconds = new UInt64Value { Value = usage.CpuNanoseconds } };
        stats.Memory = new MemoryUsage
        {
            Timestamp = timestamp,
            UsageBytes = new UInt64Value { Value = usage.MemoryBytes },
            WorkingSetBytes = new UInt64Value { Value = usage.WorkingSetBytes },
        };
        if (usage.MemoryLimitBytes > 0)
            stats.Memory.AvailableBytes = new UInt64Value { Value = usage.MemoryLimitBytes - Math.Min(usage.WorkingSetBytes, usage.MemoryLimitBytes) };
    }
}
