using Suite.Linux.Cgroups;
using Suite.Oci.Runtime;

namespace Suite.Runtime.Exec.Plans;

internal static class BlockPlanner
{
    public static IReadOnlyList<BlockLimit> From(BlockIoResources block)
    {
        var limits = new List<BlockLimit>();
        var weights = block.WeightDevice ?? [];
        for (var i = 0; i < weights.Count; i++)
        {
            var (device, field) = (weights[i], $"blockIO.weightDevice[{i}]");
            CheckNumber(device.Major, device.Minor, field);
            if (Weight(device.Weight, $"{field}.weight") is { } weight)
                limits.Add(new(BlockLimitKind.Weight, device.Major, device.Minor, (ulong)weight));
            if (Weight(device.LeafWeight, $"{field}.leafWeight") is { } leaf)
                limits.Add(new(BlockLimitKind.LeafWeight, device.Major, device.Minor, (ulong)leaf));
        }

        Throttle(limits, BlockLimitKind.ReadBytes, block.ThrottleReadBpsDevice, "throttleReadBpsDevice");
        Throttle(limits, BlockLimitKind.WriteBytes, block.ThrottleWriteBpsDevice, "throttleWriteBpsDevice");
        Throttle(limits, BlockLimitKind.ReadOperations, block.ThrottleReadIopsDevice, "throttleReadIOPSDevice");
        Throttle(limits, BlockLimitKind.WriteOperations, block.ThrottleWriteIopsDevice, "throttleWriteIOPSDevice");
        return limits;
    }

    public static long? Weight(ushort? weight, string field) => weight switch
    {
        null or 0 => null,
        < 10 or > 1000 => throw LimitsPlanner.Invalid(field, $"{weight} is not between 10 and 1000"),
        _ => weight,
    };

    private static void Throttle(List<BlockLimit> limits, BlockLimitKind kind, IReadOnlyList<ThrottleDevice>? devices, string field)
    {
        for (var i = 0; i < (devices?.Count ?? 0); i++)
        {
            var device = devices![i];
            CheckNumber(device.Major, device.Minor, $"blockIO.{field}[{i}]");
            limits.Add(new(kind, device.Major, device.Minor, device.Rate));
        }
    }

    private static void CheckNumber(long major, long minor, string field)
    {
        if (major is < 0 or > 0xfff || minor is < 0 or > 0xfffff)
            throw LimitsPlanner.Invalid(field, $"{major}:{minor} is no device number");
    }
}
