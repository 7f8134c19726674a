using Suite.Linux.Cgroups;
using Suite.Runtime.Exec.Wire;

namespace Suite.Runtime.Exec.Plans;

/// <summary>Limits as bytes, in a plan or in a request to change them.</summary>
internal static class LimitsCodec
{
    public static void Write(WireWriter writer, CgroupLimits limits)
    {
        writer.OptionalLong(limits.MemoryBytes);
        writer.OptionalLong(limits.MemoryReservationBytes);
        writer.OptionalLong(limits.MemoryAndSwapBytes);
        writer.OptionalLong(limits.Swappiness);
        writer.Bool(limits.OomKillerDisabled == true);
        writer.Bool(limits.CheckUsage);
        writer.OptionalLong(limits.CpuShares);
        writer.OptionalLong(limits.CpuQuota);
        writer.OptionalLong(limits.CpuPeriod);
        writer.OptionalLong(limits.CpuBurst);
        writer.OptionalLong(limits.CpuIdle);
        writer.OptionalLong(limits.RealtimeRuntime);
        writer.OptionalLong(limits.RealtimePeriod);
        writer.OptionalString(limits.Cpus);
        writer.OptionalString(limits.MemoryNodes);
        writer.OptionalLong(limits.Pids);
        writer.OptionalLong(limits.BlockWeight);
        writer.OptionalLong(limits.BlockLeafWeight);
        writer.Int(limits.BlockLimits.Count);
        foreach (var limit in limits.BlockLimits)
        {
            writer.Byte((byte)limit.Kind);
            writer.Long(limit.Major);
            writer.Long(limit.Minor);
            writer.ULong(limit.Value);
        }

        Write(writer, limits.HugePages);
        writer.OptionalLong(limits.NetworkClass);
        Write(writer, limits.NetworkPriorities);
        writer.Strings(limits.Rdma);
        writer.Strings(limits.DeviceRules);
        writer.Strings(limits.Unified);
    }

    public static CgroupLimits Read(ref WireReader reader) => new()
    {
        MemoryBytes = reader.OptionalLong(),
        MemoryReservationBytes = reader.OptionalLong(),
        MemoryAndSwapBytes = reader.OptionalLong(),
        Swappiness = reader.OptionalLong(),
        OomKillerDisabled = reader.Bool() ? true : null,
        CheckUsage = reader.Bool(),
        CpuShares = reader.OptionalLong(),
        CpuQuota = reader.OptionalLong(),
        CpuPeriod = reader.OptionalLong(),
        CpuBurst = reader.OptionalLong(),
        CpuIdle = reader.OptionalLong(),
        RealtimeRuntime = reader.OptionalLong(),
        RealtimePeriod = reader.OptionalLong(),
        Cpus = reader.OptionalString(),
        MemoryNodes = reader.OptionalString(),
        Pids = reader.OptionalLong(),
        BlockWeight = reader.OptionalLong(),
        BlockLeafWeight = reader.OptionalLong(),
        BlockLimits = ReadBlocks(ref reader),
        HugePages = ReadNamed(ref reader),
        NetworkClass = reader.OptionalLong(),
        NetworkPriorities = ReadNamed(ref reader),
        Rdma = reader.Strings(),
        DeviceRules = reader.Strings(),
        Unified = reader.Strings(),
    };

    private static void Write(WireWriter writer, IReadOnlyList<NamedLimit> limits)
    {
        writer.Int(limits.Count);
        foreach (var limit in limits)
        {
            writer.String(limit.Name);
            writer.ULong(limit.Value);
        }
    }

    private static NamedLimit[] ReadNamed(ref WireReader reader)
    {
        var limits = new NamedLimit[reader.Count(elementSize: 12)];
        for (var i = 0; i < limits.Length; i++)
            limits[i] = new(reader.String(), reader.ULong());
        return limits;
    }

    private static BlockLimit[] ReadBlocks(ref WireReader reader)
    {
        var limits = new BlockLimit[reader.Count(elementSize: 25)];
        for (var i = 0; i < limits.Length; i++)
            limits[i] = new((BlockLimitKind)reader.Byte(), reader.Long(), reader.Long(), reader.ULong());
        return limits;
    }
}
