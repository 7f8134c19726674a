using Suite.Linux.Cgroups;
using Suite.Linux.Errors;
using Suite.Linux.Native;

namespace Suite.Linux.Tests.Cgroups;

public sealed class CgroupTests : IDisposable
{
    private const string Hybrid =
        """
        31 23 0:28 / /sys/fs/cgroup rw,relatime - tmpfs tmpfs rw,mode=755
        32 31 0:29 / /sys/fs/cgroup/cpu,cpuacct rw,relatime - cgroup cgroup rw,cpu,cpuacct
        35 31 0:32 / /sys/fs/cgroup/memory rw,relatime - cgroup cgroup rw,memory
        36 31 0:33 /docker/x /elsewhere rw,relatime - cgroup cgroup rw,devices
        40 31 0:37 / /sys/fs/cgroup/systemd rw,relatime - cgroup cgroup rw,name=systemd
        41 31 0:38 / /sys/fs/cgroup/unified rw,relatime - cgroup2 cgroup2 rw
        """;

    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("suite-cgroup-");

    public void Dispose() => _folder.Delete(recursive: true);

    [Fact]
    public void The_trees_of_a_hybrid_host_are_found_in_its_mounts()
    {
        var host = CgroupHost.Parse(Hybrid, _ => "");
        Assert.Equal("hybrid", host.Version);
        Assert.Equal(["/sys/fs/cgroup/cpu,cpuacct", "/sys/fs/cgroup/memory", "/sys/fs/cgroup/unified"], host.Hierarchies.Select(h => h.MountPoint));
        Assert.Equal("/sys/fs/cgroup/cpu,cpuacct/a", host.Find("cpuacct")!.PathOf("/a"));
        Assert.Null(host.Find("devices"));
        Assert.Equal(["/sys/fs/cgroup/systemd"], host.Named.Select(h => h.MountPoint));
    }

    [Fact]
    public void One_tree_with_controllers_is_v2()
    {
        var host = CgroupHost.Parse("30 23 0:27 / /sys/fs/cgroup rw - cgroup2 cgroup2 rw,nsdelegate", _ => "cpu memory pids\n");
        Assert.Equal("v2", host.Version);
        Assert.True(host.Find("memory")!.Unified);
    }

    [Fact]
    public void Limits_become_the_files_of_v1()
    {
        var limits = new CgroupLimits { MemoryBytes = 100, MemoryAndSwapBytes = 200, CpuShares = 512, CpuQuota = -1, CpuPeriod = 100_000 };
        Assert.Equal(
            [
                new("memory", "memory.limit_in_bytes", "100"), new("memory", "memory.memsw.limit_in_bytes", "200", ("", "")),
                new("cpu", "cpu.shares", "512"), new("cpu", "cpu.cfs_period_us", "100000"), new("cpu", "cpu.cfs_quota_us", "-1"),
            ],
            CgroupWrite.For(limits, CgroupHost.Parse(Hybrid, _ => "")));
    }

    [Fact]
    public void Limits_become_the_files_of_v2()
    {
        var host = new CgroupHost([new("/sys/fs/cgroup", ["cpu", "cpuset", "memory", "pids"], true)]);
        var limits = new CgroupLimits
        {
            MemoryBytes = 100, MemoryAndSwapBytes = 150, MemoryReservationBytes = 50, CpuShares = 1024, CpuQuota = 5, Pids = -1, Cpus = "0", DeviceRules = ["deny a"],
        };
        Assert.Equal(
            [
                new("memory", "memory.max", "100"), new("memory", "memory.low", "50"), new("memory", "memory.swap.max", "50", ("", "")),
                new("cpuset", "cpuset.cpus", "0"), new("cpu", "cpu.weight", "100"), new("cpu", "cpu.max", "5"), new("pids", "pids.max", "max"),
            ],
            CgroupWrite.For(limits, host));
    }

    [Fact]
    public void The_less_common_limits_have_their_files_on_both_versions()
    {
        var limits = new CgroupLimits
        {
            CpuIdle = 1, CpuShares = 5, CpuBurst = 7, BlockWeight = 500, HugePages = [new("2MB", 4096)], Rdma = ["mlx hca_handle=1 hca_object=max"],
            BlockLimits = [new(BlockLimitKind.ReadBytes, 8, 0, 10), new(BlockLimitKind.Weight, 8, 16, 10)],
        };
        var v1 = new CgroupHost([new("/c/all", ["cpu", "blkio", "hugetlb", "rdma", "net_cls", "net_prio"], false)]);
        Assert.Equal(
            [
                "cpu.cfs_burst_us 7", "cpu.idle 1", "blkio.bfq.weight 500", "blkio.throttle.read_bps_device 8:0 10", "blkio.bfq.weight_device 8:16 10",
                "net_cls.classid 3", "net_prio.ifpriomap eth0 2", "hugetlb.2MB.limit_in_bytes 4096", "hugetlb.2MB.rsvd.limit_in_bytes 4096", "rdma.max mlx hca_handle=1 hca_object=max",
            ],
            CgroupWrite.For(limits with { NetworkClass = 3, NetworkPriorities = [new("eth0", 2)] }, v1).Select(write => $"{write.File} {write.Text}"));

        var v2 = new CgroupHost([new("/c", ["cpu", "io", "hugetlb", "rdma", "memory"], true)]);
        var unified = CgroupWrite.For(limits with { Unified = ["memory.high=9", "cgroup.max.depth=2"] }, v2);
        Assert.Equal(
            [
                "cpu.max.burst 7", "cpu.idle 1", "io.bfq.weight 500", "io.max 8:0 rbps=10", "io.bfq.weight 8:16 10",
                "hugetlb.2MB.max 4096", "hugetlb.2MB.rsvd.max 4096", "rdma.max mlx hca_handle=1 hca_object=max", "memory.high 9", "cgroup.max.depth 2",
            ],
            unified.Select(write => $"{write.File} {write.Text}"));
        // Without BFQ the weight is the cost model's, on another scale.
        Assert.Equal(("io.weight", "default 4950"), unified[2].Instead);
    }

    [Fact]
    public void What_only_v1_has_is_refused_on_v2_and_files_of_v2_where_there_is_no_such_tree()
    {
        var v2 = new CgroupHost([new("/c", ["cpu", "memory"], true)]);
        foreach (var limits in (CgroupLimits[])[new() { Swappiness = 1 }, new() { OomKillerDisabled = true }, new() { RealtimeRuntime = 5 }])
            Assert.Contains("cgroup v2 has no such setting", Assert.Throws<SuiteException>(() => CgroupWrite.For(limits, v2)).Message, StringComparison.Ordinal);
        var failure = Assert.Throws<SuiteException>(() => CgroupWrite.For(new() { Unified = ["memory.high=9"] }, CgroupHost.Parse(Hybrid, _ => "")));
        Assert.Contains("no memory controller on a cgroup v2 tree", failure.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_limit_without_its_controller_is_refused_by_name()
    {
        var failure = Assert.Throws<SuiteException>(() => CgroupWrite.For(new() { Pids = 1 }, CgroupHost.Parse(Hybrid, _ => "")).ToList());
        Assert.Equal(ErrorKind.Unsupported, failure.Kind);
        Assert.Contains("no pids controller", failure.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(2, 1)]
    [InlineData(1024, 100)]
    [InlineData(262_144, 10_000)]
    public void Shares_keep_their_ends_and_their_default_as_weights(long shares, long weight) =>
        Assert.Equal(weight, CpuFiles.WeightOf(shares));

    [Fact]
    public void A_cgroup_is_made_in_every_tree_limited_read_and_removed()
    {
        var memory = _folder.CreateSubdirectory("memory").FullName;
        var pids = _folder.CreateSubdirectory("pids").FullName;
        var cgroup = new Cgroup(new([new(memory, ["memory"], false), new(pids, ["pids"], false)]), "/suite/pod");
        cgroup.Make();
        cgroup.Make();
        var limit = Path.Combine(memory, "suite/pod/memory.limit_in_bytes");
        File.WriteAllText(limit, "");
        cgroup.Limit(new() { MemoryBytes = 4096 });
        Assert.Equal("4096", File.ReadAllText(limit));

        var control = Path.Combine(memory, "suite/pod/memory.oom_control");
        File.WriteAllText(control, "oom_kill_disable 0\nunder_oom 0\noom_kill 3\n");
        Assert.Equal(3, cgroup.OomKills());

        File.Delete(limit);
        File.Delete(control);
        cgroup.Remove();
        cgroup.Remove();
        Assert.False(Directory.Exists(Path.Combine(pids, "suite/pod")));
    }

    [Theory]
    [InlineData(0x0000, 0)]
    [InlineData(0x2a00, 42)]
    [InlineData(0x0009, 137)]
    [InlineData(0x008b, 139)]
    public void A_status_of_wait_is_the_exit_code_a_shell_reports(int status, int code) => Assert.Equal(code, Wait.ExitCode(status));
}
