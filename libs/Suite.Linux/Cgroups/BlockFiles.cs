using System.Globalization;

namespace Suite.Linux.Cgroups;

/// <summary>
/// blkio of v1 and io of v2. The weight is the scheduler's: BFQ has it under its own name, the cost model of v2 as io.weight.
/// </summary>
internal static class BlockFiles
{
    public static void Add(CgroupWrites writes, CgroupLimits limits)
    {
        if (limits is { BlockWeight: null, BlockLeafWeight: null, BlockLimits.Count: 0 })
            return;
        if (writes.Need(writes.HasUnified("io") ? "io" : "blkio", "limits of block devices"))
            AddV2(writes, limits);
        else
            AddV1(writes, limits);
    }

    private static void AddV1(CgroupWrites writes, CgroupLimits limits)
    {
        if (limits.BlockWeight is { } weight)
            writes.Add(new("blkio", "blkio.bfq.weight", CgroupWrites.Number(weight), ("blkio.weight", CgroupWrites.Number(weight))));
        if (limits.BlockLeafWeight is { } leaf)
            writes.Add("blkio", "blkio.leaf_weight", CgroupWrites.Number(leaf));
        foreach (var limit in limits.BlockLimits)
        {
            var line = string.Create(CultureInfo.InvariantCulture, $"{limit.Major}:{limit.Minor} {limit.Value}");
            writes.Add(limit.Kind switch
            {
                BlockLimitKind.Weight => new("blkio", "blkio.bfq.weight_device", line, ("blkio.weight_device", line)),
                BlockLimitKind.LeafWeight => new("blkio", "blkio.leaf_weight_device", line),
                BlockLimitKind.ReadBytes => new("blkio", "blkio.throttle.read_bps_device", line),
                BlockLimitKind.WriteBytes => new("blkio", "blkio.throttle.write_bps_device", line),
                BlockLimitKind.ReadOperations => new("blkio", "blkio.throttle.read_iops_device", line),
                _ => new CgroupWrite("blkio", "blkio.throttle.write_iops_device", line),
            });
        }
    }

    private static void AddV2(CgroupWrites writes, CgroupLimits limits)
    {
        if (limits.BlockLeafWeight is not null || limits.BlockLimits.Any(limit => limit.Kind == BlockLimitKind.LeafWeight))
            writes.NeedV1("io", "a leaf weight of block devices");
        if (limits.BlockWeight is { } weight)
            writes.Add(new("io", "io.bfq.weight", CgroupWrites.Number(weight), ("io.weight", $"default {WeightOf(weight)}")));
        foreach (var limit in limits.BlockLimits)
        {
            var device = string.Create(CultureInfo.InvariantCulture, $"{limit.Major}:{limit.Minor}");
            writes.Add(limit.Kind switch
            {
                BlockLimitKind.Weight => new("io", "io.bfq.weight", $"{device} {limit.Value}", ("io.weight", $"{device} {WeightOf((long)limit.Value)}")),
                BlockLimitKind.ReadBytes => new("io", "io.max", $"{device} rbps={limit.Value}"),
                BlockLimitKind.WriteBytes => new("io", "io.max", $"{device} wbps={limit.Value}"),
                BlockLimitKind.ReadOperations => new("io", "io.max", $"{device} riops={limit.Value}"),
                _ => new CgroupWrite("io", "io.max", $"{device} wiops={limit.Value}"),
            });
        }
    }

    /// <summary>10..1000 to 1..10000 in a straight line, as the reference has it.</summary>
    internal static long WeightOf(long weight) => 1 + ((Math.Clamp(weight, 10, 1000) - 10) * 9999 / 990);
}
