using Suite.Oci.Runtime;
using Suite.Runtime.Containers;
using HugepageLimit = Suite.Oci.Runtime.HugepageLimit;

namespace Suite.Runtime.Specs;

/// <summary>Limits in the words of config.json. What was not asked for is absent: the kernel's default stays.</summary>
internal static class ResourceLimits
{
    public static LinuxResources Of(ContainerResources resources, bool privileged, IReadOnlyList<ResolvedDevice> devices) => new()
    {
        Devices = privileged ? [new DeviceRule { Allow = true, Access = "rwm" }] : Rules(devices),
        Memory = resources.MemoryBytes == 0 && resources.MemorySwapBytes == 0 ? null : new MemoryResources
        {
            Limit = NullIfUnset(resources.MemoryBytes),
            Swap = NullIfUnset(resources.MemorySwapBytes),
        },
        Cpu = Cpu(resources),
        Pids = resources.PidsLimit > 0 ? new PidsResources { Limit = resources.PidsLimit } : null,
        HugepageLimits = resources.Hugepages.Count == 0
            ? null
            : [.. resources.Hugepages.Select(limit => new HugepageLimit { PageSize = limit.PageSize, Limit = limit.Bytes })],
        Unified = resources.Unified.Count == 0 ? null : resources.Unified,
    };

    /// <summary>For a container that runs: its devices stay as they are, and nothing is killed to get below a limit.</summary>
    public static LinuxResources InPlace(ContainerResources resources)
    {
        var limits = Of(resources, privileged: false, []);
        return limits with { Devices = null, Memory = limits.Memory is { } memory ? memory with { CheckBeforeUpdate = true } : null };
    }

    /// <summary>A kubelet sends "no huge pages" for each size the machine has, whether or not its kernel can count them: nothing to forbid then.</summary>
    public static LinuxResources Tolerant(LinuxResources resources, bool hugepagesAreCounted) =>
        hugepagesAreCounted || resources.HugepageLimits is not { } limits || limits.Any(limit => limit.Limit > 0) ? resources : resources with { HugepageLimits = null };

    private static CpuResources? Cpu(ContainerResources resources)
    {
        if (resources is { CpuShares: 0, CpuQuota: 0, CpuPeriod: 0, CpusetCpus: "", CpusetMems: "" })
            return null;
        return new CpuResources
        {
            Shares = resources.CpuShares > 0 ? (ulong)resources.CpuShares : null,
            Quota = NullIfUnset(resources.CpuQuota),
            Period = resources.CpuPeriod > 0 ? (ulong)resources.CpuPeriod : null,
            Cpus = resources.CpusetCpus.Length > 0 ? resources.CpusetCpus : null,
            Mems = resources.CpusetMems.Length > 0 ? resources.CpusetMems : null,
        };
    }

    // None but these: what config-linux.md promises to every container the exec driver allows by itself.
    private static IReadOnlyList<DeviceRule> Rules(IReadOnlyList<ResolvedDevice> devices) =>
    [
        new DeviceRule { Allow = false, Access = "rwm" },
        .. devices.Select(device => new DeviceRule { Allow = true, Type = device.Type, Major = device.Major, Minor = device.Minor, Access = device.Permissions }),
    ];

    private static long? NullIfUnset(long value) => value == 0 ? null : value;
}
