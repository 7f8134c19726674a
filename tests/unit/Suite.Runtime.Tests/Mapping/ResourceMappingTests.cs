using Suite.Linux.Cgroups;
using Suite.Linux.Errors;
using Suite.Runtime.Containers;
using Suite.Runtime.Mapping;
using Cri = Runtime.V1;

namespace Suite.Runtime.Tests.Mapping;

public sealed class ResourceMappingTests
{
    private static readonly CgroupHost V1 = new([new("/cg/cpu", ["cpu"], false), new("/cg/memory", ["memory"], false)]);
    private static readonly CgroupHost V2 = new([new("/cg", ["cpu", "memory"], true)]);

    public static TheoryData<Cri.LinuxContainerResources, string> Wrong() => new()
    {
        { new() { CpuPeriod = 999 }, "linux.cpu_period" },
        { new() { CpuPeriod = 1_000_001 }, "linux.cpu_period" },
        { new() { CpuQuota = 10 }, "linux.cpu_quota" },
        { new() { CpuShares = -1 }, "linux.cpu_shares" },
        { new() { MemoryLimitInBytes = -2 }, "linux.memory_limit_in_bytes" },
        { new() { MemoryLimitInBytes = 200, MemorySwapLimitInBytes = 100 }, "linux.memory_swap_limit_in_bytes" },
        { new() { OomScoreAdj = 1001 }, "linux.oom_score_adj" },
        { new() { CpusetCpus = "0;1" }, "linux.cpuset_cpus" },
        { new() { CpusetMems = "a" }, "linux.cpuset_mems" },
    };

    [Theory]
    [MemberData(nameof(Wrong))]
    public void What_is_out_of_range_is_refused_by_its_name(Cri.LinuxContainerResources resources, string field)
    {
        var failure = Assert.Throws<SuiteException>(() => resources.ToDomain("linux"));
        Assert.Equal(ErrorKind.InvalidArgument, failure.Kind);
        Assert.StartsWith(field + ":", failure.Message);
    }

    [Fact]
    public void What_was_asked_is_told_again() => Assert.All(
        (Cri.LinuxContainerResources[])
        [
            new() { CpuPeriod = 100_000, CpuQuota = -1, CpuShares = 2, MemoryLimitInBytes = 5, MemorySwapLimitInBytes = 7, OomScoreAdj = -997, CpusetCpus = "0-1", CpusetMems = "0" },
            new() { Unified = { ["memory.high"] = "3" }, HugepageLimits = { new Cri.HugepageLimit { PageSize = "2MB", Limit = 4 } } },
        ],
        asked => Assert.Equal(asked, asked.ToDomain("linux").ToMessage()));

    [Fact]
    public void An_update_changes_what_it_says_and_no_more()
    {
        var before = new ContainerResources { CpuShares = 512, MemoryBytes = 100, OomScoreAdjust = 3, Hugepages = [new("2MB", 1), new("1GB", 2)] };
        var after = before.With(new ContainerResources { MemoryBytes = 200, OomScoreAdjust = 0, Hugepages = [new("2MB", 5)], Unified = new Dictionary<string, string> { ["a"] = "b" } });
        Assert.Equal((512, 200, 3), (after.CpuShares, after.MemoryBytes, after.OomScoreAdjust));
        Assert.Equal([new HugepageLimit("2MB", 5), new HugepageLimit("1GB", 2)], after.Hugepages);
        Assert.Equal("b", after.Unified["a"]);
    }

    [Fact]
    public void What_the_kernel_rounds_is_told_as_asked()
    {
        var asked = new ContainerResources { MemoryBytes = 100_000_000, MemorySwapBytes = 100_000_000, CpuShares = 1024 };
        var rounded = 100_000_000 / Environment.SystemPageSize * (long)Environment.SystemPageSize;
        Assert.Equal(asked, ResourcesInForce.Compare(asked, new CgroupLimits { MemoryBytes = rounded, MemoryAndSwapBytes = rounded, CpuShares = 1024 }, V1));
        // Shares become one of fewer weights on v2.
        Assert.Equal(asked, ResourcesInForce.Compare(asked, new CgroupLimits { MemoryBytes = rounded, MemoryAndSwapBytes = rounded, CpuShares = 100 }, V2));
    }

    [Fact]
    public void What_somebody_else_wrote_is_told_as_it_is()
    {
        var asked = new ContainerResources { MemoryBytes = 8192, CpuShares = 512, CpuQuota = 20_000, CpuPeriod = 100_000, CpusetCpus = "0" };
        var told = ResourcesInForce.Compare(asked, new CgroupLimits { MemoryBytes = 16_384, CpuShares = 2, CpuPeriod = 50_000, Cpus = "0-1" }, V1);
        Assert.Equal((16_384, 2, 0, 50_000, "0-1"), (told.MemoryBytes, told.CpuShares, told.CpuQuota, told.CpuPeriod, told.CpusetCpus));
        Assert.Equal(0, ResourcesInForce.Compare(asked, new CgroupLimits(), V1).MemoryBytes);
        Assert.Equal(-1, ResourcesInForce.Compare(asked with { MemoryBytes = -1, CpuQuota = -1 }, new CgroupLimits(), V1).MemoryBytes);
    }
}
