using Suite.Linux.Cgroups;

namespace Suite.Linux.Tests.Cgroups;

/// <summary>Figures of files as kernels write them, in a folder that stands for each tree.</summary>
public sealed class FigureTests : IDisposable
{
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("suite-figures-");
    private readonly FigureReader _reader = new();

    public void Dispose() => _folder.Delete(recursive: true);

    [Fact]
    public void Cpu_time_of_a_hybrid_host_comes_from_the_v2_tree_and_throttling_from_the_v1_one()
    {
        var host = new CgroupHost([Tree("cpu", false, "cpu"), Tree("cpuacct", false, "cpuacct"), Tree("unified", true)]);
        Write("unified/a/cpu.stat", "usage_usec 1500\nuser_usec 1000\nsystem_usec 500\nnice_usec 0\n");
        Write("cpu/a/cpu.stat", "nr_periods 7\nnr_throttled 3\nthrottled_time 42\n");
        Write("cpuacct/a/cpuacct.usage", "99\n");
        Assert.Equal(
            new CpuFigures { UsageNanoseconds = 1_500_000, UserNanoseconds = 1_000_000, SystemNanoseconds = 500_000, Periods = 7, ThrottledPeriods = 3, ThrottledNanoseconds = 42 },
            CpuFigures.Read(_reader, host, "/a"));
    }

    [Fact]
    public void Cpu_time_of_a_v1_host_comes_from_cpuacct()
    {
        var host = new CgroupHost([Tree("cpuacct", false, "cpuacct", "cpu")]);
        Write("cpuacct/a/cpuacct.usage", "300\n");
        Write("cpuacct/a/cpuacct.usage_user", "200\n");
        Write("cpuacct/a/cpuacct.usage_sys", "100\n");
        Assert.Equal(new CpuFigures { UsageNanoseconds = 300, UserNanoseconds = 200, SystemNanoseconds = 100 }, CpuFigures.Read(_reader, host, "/a"));
    }

    [Fact]
    public void Cpu_time_of_a_v2_host_is_in_one_file()
    {
        var host = new CgroupHost([Tree("unified", true, "cpu")]);
        Write("unified/a/cpu.stat", "usage_usec 5\nuser_usec 3\nsystem_usec 2\nnr_periods 4\nnr_throttled 1\nthrottled_usec 9\n");
        Assert.Equal(
            new CpuFigures { UsageNanoseconds = 5000, UserNanoseconds = 3000, SystemNanoseconds = 2000, Periods = 4, ThrottledPeriods = 1, ThrottledNanoseconds = 9000 },
            CpuFigures.Read(_reader, host, "/a"));
    }

    [Fact]
    public void Memory_of_v1_counts_the_cgroups_below_and_knows_its_way_of_no_limit()
    {
        var host = new CgroupHost([Tree("memory", false, "memory")]);
        Write("memory/a/memory.stat", "cache 1\nrss 1\ntotal_cache 500\ntotal_rss 300\ntotal_mapped_file 40\ntotal_swap 30\ntotal_pgfault 12\ntotal_pgmajfault 2\ntotal_inactive_file 100\n");
        Write("memory/a/memory.usage_in_bytes", "1000\n");
        Write("memory/a/memory.limit_in_bytes", "9223372036854771712\n");
        var figures = MemoryFigures.Read(_reader, host, "/a");
        Assert.Equal(new MemoryFigures { Usage = 1000, Rss = 300, Cache = 500, InactiveFile = 100, MappedFile = 40, Swap = 30, PageFaults = 12, MajorPageFaults = 2 }, figures);
        Assert.Equal(900UL, figures.WorkingSet);
    }

    [Fact]
    public void Memory_of_v2_and_how_its_limit_was_met()
    {
        var host = new CgroupHost([Tree("unified", true, "memory")]);
        Write("unified/a/memory.stat", "anon 300\nfile 500\nkernel 70\nfile_mapped 40\ninactive_file 2000\npgfault 12\npgmajfault 2\n");
        Write("unified/a/memory.current", "1000\n");
        Write("unified/a/memory.swap.current", "30\n");
        Write("unified/a/memory.max", "4096\n");
        Write("unified/a/memory.peak", "2000\n");
        Write("unified/a/memory.events", "low 0\nhigh 0\nmax 8\noom 2\noom_kill 1\n");
        var figures = MemoryFigures.Read(_reader, host, "/a");
        Assert.Equal(4096UL, figures.Limit);
        Assert.Equal((300UL, 500UL, 30UL), (figures.Rss, figures.Cache, figures.Swap));
        // More of the cache is idle than memory is in use: figures of two moments.
        Assert.Equal(0UL, figures.WorkingSet);
        Assert.Equal(new MemoryLimitFigures { Peak = 2000, Failures = 8, OomKills = 1, Kernel = 70 }, MemoryLimitFigures.Read(_reader, host, "/a"));
    }

    [Fact]
    public void Pressure_is_read_from_the_v2_tree_and_absent_where_it_is_not_counted()
    {
        var host = new CgroupHost([Tree("unified", true)]);
        Write("unified/a/memory.pressure", "some avg10=0.12 avg60=0.05 avg300=0.01 total=58213\nfull avg10=99.99 avg60=1.00 avg300=2.00 total=3\n");
        Assert.Equal(
            new Pressure(new PressureLine(58_213_000, 0.12, 0.05, 0.01), new PressureLine(3000, 99.99, 1, 2)),
            Pressure.Read(_reader, host, "/a", "memory"));
        Assert.Null(Pressure.Read(_reader, host, "/a", "cpu"));
        Assert.Null(Pressure.Read(_reader, new CgroupHost([Tree("unified", false, "memory")]), "/a", "memory"));
    }

    [Fact]
    public void What_went_to_each_device_is_read_from_both_versions()
    {
        var v1 = new CgroupHost([Tree("blkio", false, "blkio")]);
        Write("blkio/a/blkio.throttle.io_service_bytes_recursive", "8:0 Read 4096\n8:0 Write 512\n8:0 Sync 0\n8:0 Total 4608\nTotal 4608\n");
        Write("blkio/a/blkio.throttle.io_serviced_recursive", "8:0 Read 2\n8:0 Write 1\nTotal 3\n");
        var v2 = new CgroupHost([Tree("unified", true, "io")]);
        Write("unified/a/io.stat", "8:0 rbytes=4096 wbytes=512 rios=2 wios=1 dbytes=0 dios=0\n");
        foreach (var host in (CgroupHost[])[v1, v2])
        {
            var device = Assert.Single(BlockFigures.Read(_reader, host, "/a"));
            Assert.Equal((8u, 0u, 4096UL, 512UL, 2UL, 1UL), (device.Major, device.Minor, device.ReadBytes, device.WrittenBytes, device.Reads, device.Writes));
        }
    }

    [Fact]
    public void A_cgroup_that_is_gone_has_no_figures()
    {
        var host = new CgroupHost([Tree("memory", false, "memory"), Tree("unified", true)]);
        Assert.Equal(default, MemoryFigures.Read(_reader, host, "/gone"));
        Assert.Equal(default, CpuFigures.Read(_reader, host, "/gone"));
        Assert.Equal(default, MemoryLimitFigures.Read(_reader, host, "/gone"));
        Assert.Empty(BlockFigures.Read(_reader, host, "/gone"));
    }

    [Fact]
    public void A_file_longer_than_the_buffer_is_read_whole()
    {
        var text = string.Concat(Enumerable.Range(0, 20_000).Select(i => $"{i}\n"));
        Write("procs", text);
        Assert.Equal(text.Length, _reader.Read(Path.Combine(_folder.FullName, "procs")).Length);
    }

    private CgroupHierarchy Tree(string name, bool unified, params string[] controllers) => new(Path.Combine(_folder.FullName, name), controllers, unified);

    private void Write(string file, string text)
    {
        var path = Path.Combine(_folder.FullName, file);
        Directory.CreateDirectory(Path.GetDirectoryName(path)!);
        File.WriteAllText(path, text);
    }
}
