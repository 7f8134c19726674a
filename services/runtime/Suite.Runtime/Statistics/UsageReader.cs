using System.Text;
using Suite.Linux.Cgroups;

namespace Suite.Runtime.Statistics;

/// <summary>Reads what cgroups use: the files that a kubelet's ten-second look needs, and no more.</summary>
internal sealed class UsageReader(CgroupHost host, CpuRates rates)
{
    /// <param name="reader">One for a whole pass over the cgroups.</param>
    /// <param name="id">Of the pod or container, under which its CPU time is remembered.</param>
    /// <param name="path">Its cgroup.</param>
    /// <param name="at">Now, nanoseconds since the epoch.</param>
    public UsageSample Read(FigureReader reader, string id, string path, long at)
    {
        var cpu = CpuFigures.Read(reader, host, path);
        return new UsageSample
        {
            Cpu = cpu,
            CpuRate = rates.Next(id, at, cpu.UsageNanoseconds),
            Memory = MemoryFigures.Read(reader, host, path),
            CpuPressure = Pressure.Read(reader, host, path, "cpu"),
            MemoryPressure = Pressure.Read(reader, host, path, "memory"),
            IoPressure = Pressure.Read(reader, host, path, "io"),
            Tasks = host.Find("pids") is { } pids ? reader.Number($"{pids.PathOf(path)}/pids.current") ?? 0 : 0,
        };
    }

    /// <summary>The interfaces of the network namespace that a process is in.</summary>
    public static IReadOnlyList<InterfaceFigures> Interfaces(FigureReader reader, int pid)
    {
        var devices = InterfaceFigures.Parse(Encoding.ASCII.GetString(reader.Read($"/proc/{pid}/net/dev")));
        var main = InterfaceFigures.DefaultOf(Encoding.ASCII.GetString(reader.Read($"/proc/{pid}/net/route")));
        return [.. devices.OrderByDescending(device => device.Name == main)];
    }
}
