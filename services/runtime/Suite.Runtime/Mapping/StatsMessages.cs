using Suite.Linux.Cgroups;
using Suite.Runtime.Statistics;
using Cri = Runtime.V1;

namespace Suite.Runtime.Mapping;

/// <summary>What containers and pods use, in CRI's words.</summary>
/// <param name="mountpoint">Of the file system with the writable layers, as ImageFsInfo names it: a kubelet matches the two.</param>
internal sealed class StatsMessages(string mountpoint)
{
    public Cri.ContainerStats ToMessage(ContainerSample sample)
    {
        var config = sample.Container.Config;
        var stats = new Cri.ContainerStats
        {
            Attributes = new Cri.ContainerAttributes
            {
                Id = sample.Container.Id,
                Metadata = new Cri.ContainerMetadata { Name = config.Name, Attempt = config.Attempt },
            },
            WritableLayer = new Cri.FilesystemUsage
            {
                Timestamp = sample.Layer?.At ?? sample.At,
                FsId = new Cri.FilesystemIdentifier { Mountpoint = mountpoint },
                UsedBytes = Number(sample.Layer?.Bytes ?? 0),
                InodesUsed = Number(sample.Layer?.Inodes ?? 0),
            },
        };
        stats.Attributes.Labels.Fill(config.Labels);
        stats.Attributes.Annotations.Fill(config.Annotations);
        if (sample.Usage is not { } usage)
            return stats;
        stats.Cpu = Cpu(usage, sample.At);
        stats.Memory = Memory(usage, sample.At);
        stats.Swap = new Cri.SwapUsage { Timestamp = sample.At, SwapUsageBytes = Number(usage.Memory.Swap) };
        stats.Io = Io(usage, sample.At);
        return stats;
    }

    public Cri.PodSandboxStats ToMessage(PodSample sample)
    {
        var stats = new Cri.PodSandboxStats
        {
            Attributes = new Cri.PodSandboxAttributes { Id = sample.Pod.Id, Metadata = sample.Pod.Metadata.ToMessage() },
            Linux = new Cri.LinuxPodSandboxStats(),
        };
        stats.Attributes.Labels.Fill(sample.Pod.Config.Labels);
        stats.Attributes.Annotations.Fill(sample.Pod.Config.Annotations);
        stats.Linux.Containers.AddRange(sample.Containers.Select(ToMessage));
        if (sample.Interfaces.Count > 0)
        {
            stats.Linux.Network = new Cri.NetworkUsage { Timestamp = sample.At, DefaultInterface = ToMessage(sample.Interfaces[0]) };
            stats.Linux.Network.Interfaces.AddRange(sample.Interfaces.Skip(1).Select(ToMessage));
        }
        if (sample.Usage is not { } usage)
            return stats;
        stats.Linux.Cpu = Cpu(usage, sample.At);
        stats.Linux.Memory = Memory(usage, sample.At);
        stats.Linux.Process = new Cri.ProcessUsage { Timestamp = sample.At, ProcessCount = Number(usage.Tasks) };
        stats.Linux.Io = Io(usage, sample.At);
        return stats;
    }

    private static Cri.NetworkInterfaceUsage ToMessage(InterfaceFigures figures) => new()
    {
        Name = figures.Name,
        RxBytes = Number(figures.ReceivedBytes),
        RxErrors = Number(figures.ReceiveErrors),
        TxBytes = Number(figures.SentBytes),
        TxErrors = Number(figures.SendErrors),
    };

    private static Cri.CpuUsage Cpu(UsageSample usage, long at) => new()
    {
        Timestamp = at,
        UsageCoreNanoSeconds = Number(usage.Cpu.UsageNanoseconds),
        UsageNanoCores = usage.CpuRate is { } rate ? Number(rate) : null,
        Psi = Psi(usage.CpuPressure),
    };

    private static Cri.MemoryUsage Memory(UsageSample usage, long at)
    {
        var memory = usage.Memory;
        return new Cri.MemoryUsage
        {
            Timestamp = at,
            UsageBytes = Number(memory.Usage),
            WorkingSetBytes = Number(memory.WorkingSet),
            AvailableBytes = memory.Limit is { } limit ? Number(limit - Math.Min(limit, memory.WorkingSet)) : null,
            RssBytes = Number(memory.Rss),
            PageFaults = Number(memory.PageFaults),
            MajorPageFaults = Number(memory.MajorPageFaults),
            Psi = Psi(usage.MemoryPressure),
        };
    }

    private static Cri.IoUsage? Io(UsageSample usage, long at) =>
        usage.IoPressure is null ? null : new Cri.IoUsage { Timestamp = at, Psi = Psi(usage.IoPressure) };

    private static Cri.PsiStats? Psi(Pressure? pressure) =>
        pressure is { } lines ? new Cri.PsiStats { Full = Psi(lines.Full), Some = Psi(lines.Some) } : null;

    private static Cri.PsiData Psi(PressureLine line) => new()
    {
        Total = line.TotalNanoseconds,
        Avg10 = line.Average10,
        Avg60 = line.Average60,
        Avg300 = line.Average300,
    };

    private static Cri.UInt64Value Number(ulong value) => new() { Value = value };
}
