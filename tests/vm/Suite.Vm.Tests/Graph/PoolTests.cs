using Suite.Contract.Tests.Graph;
using Suite.Image.Graph.DeviceMapper;
using Suite.Linux.Errors;
using Suite.Testing.Files;
using Suite.Testing.Requirements;

namespace Suite.Vm.Tests.Graph;

/// <summary>The pool itself: what it says, how it grows, when it is refused, and a service that is killed and started again.</summary>
public sealed class PoolTests : IDisposable
{
    private readonly TempFolder _folder = new("pooltests");
    private DeviceMapperDriver? _driver;
    private RamDisks? _disks;

    private string Root => _folder.Path("graph");

    public void Dispose()
    {
        _driver?.Deactivate();
        _driver?.Dispose();
        _disks?.Dispose();
        _folder.Dispose();
    }

    [RootFact]
    public void The_figures_are_those_of_the_pool()
    {
        Start(Pools.Small);
        var figures = _driver!.Figures().ToDictionary(f => f.Name, f => f.Value);
        Assert.EndsWith("-pool", figures["Pool Name"], StringComparison.Ordinal);
        Assert.Equal("65.54kB", figures["Pool Blocksize"]);
        Assert.Equal("268.4MB", figures["Data Space Total"]);
        Assert.Equal("16.78MB", figures["Metadata Space Total"]);
        Assert.Equal("100.7MB", figures["Base Device Size"]);
        foreach (var name in (string[])["Data Space Used", "Data Space Available", "Metadata Space Used", "Metadata Space Available"])
            Assert.EndsWith("B", figures[name], StringComparison.Ordinal);
    }

    [RootFact]
    public void A_pool_on_files_grows_before_it_is_full()
    {
        Start(Pools.Small with { LoopDataBytes = 48L << 20, LoopDataMaxBytes = 192L << 20, LowWaterPercent = 60 });
        using (var root = new MountedRoot(_driver!.PrepareRootfs("k", []), _folder))
        {
            for (var i = 0; i < 3; i++) File.WriteAllBytes($"{root.Path}/{i}", System.Security.Cryptography.RandomNumberGenerator.GetBytes(12 << 20));
        }

        _driver.PrepareRootfs("other", []);
        Assert.Equal(192L << 20, new FileInfo(Path.Combine(Root, "data")).Length);
        Assert.Contains(("Data Space Total", "201.3MB"), _driver.Figures());
        using var again = new MountedRoot(_driver.PrepareRootfs("k", []), _folder);
        Assert.Equal(12 << 20, new FileInfo(again.Path + "/2").Length);
    }

    [RootFact]
    public void With_too_little_free_nothing_new_is_made()
    {
        Start(Pools.Small with { LoopDataBytes = 48L << 20, LoopDataMaxBytes = 48L << 20, MinimumFreePercent = 95 });
        var error = Assert.Throws<SuiteException>(() => _driver!.PrepareRootfs("k", []));
        Assert.Equal(ErrorKind.ResourceExhausted, error.Kind);
        Assert.Contains("95 %", error.Message, StringComparison.Ordinal);
        Assert.Empty(_driver!.ListRootfs());
    }

    [RootFact]
    public void A_service_that_starts_again_finds_the_pool_and_its_containers_running()
    {
        Start(Pools.Small);
        using var root = new MountedRoot(_driver!.PrepareRootfs("k", []), _folder);
        root.Write("/f", "1");
        _driver.Dispose();

        Start(Pools.Small);
        Assert.Equal(["k"], _driver.ListRootfs());
        root.Write("/f", "2");
        Assert.Equal(["A /f"], _driver.RootfsChanges("k", [], TestContext.Current.CancellationToken).Select(c => c.ToString()));
        // Removed while it is in use: it goes when its mount does.
        _driver.RemoveRootfs("k");
        Assert.Empty(_driver.ListRootfs());
        Assert.Equal("2", root.Read("/f"));
    }

    [RootFact]
    public void A_pool_that_others_use_is_refused()
    {
        Start(Pools.Small);
        _driver!.PrepareRootfs("k", []);
        _driver.Deactivate();
        _driver.Dispose();
        File.WriteAllText(Path.Combine(Root, "transaction"), "7");

        var error = Assert.Throws<SuiteException>(() => Start(Pools.Small));
        Assert.Equal(ErrorKind.FailedPrecondition, error.Kind);
        Assert.Contains("older copy", error.Message, StringComparison.Ordinal);
    }

    [RootFact]
    public void A_thin_pool_that_is_there_is_used_by_its_name()
    {
        Start(Pools.Small);
        var name = _driver!.Figures().Single(f => f.Name == "Pool Name").Value;
        using var second = new DeviceMapperDriver(_folder.Path("second"), Pools.Small with { ThinPool = name }, TimeProvider.System);
        // The first one made a base device in it, so it is somebody's.
        Assert.Contains("somebody else", Assert.Throws<SuiteException>(second.Recover).Message, StringComparison.Ordinal);
        var missing = Pools.Small with { ThinPool = "no-such-pool" };
        Assert.Contains("no-such-pool", Assert.Throws<SuiteException>(() => new DeviceMapperDriver(_folder.Path("third"), missing, TimeProvider.System)).Message, StringComparison.Ordinal);
    }

    [RootFact]
    public void A_pool_on_two_devices_is_kept_over_a_restart_and_a_reboot_and_somebody_elses_is_refused()
    {
        var disks = _disks = new RamDisks();
        var options = Pools.Small with { DataDevice = disks.Data, MetadataDevice = disks.Metadata };
        Start(options);
        var figures = _driver!.Figures().ToDictionary(f => f.Name, f => f.Value);
        Assert.Equal((disks.Data, disks.Metadata), (figures["Data file"], figures["Metadata file"]));
        Assert.Equal("268.4MB", figures["Data Space Total"]);
        using (var draft = ((Suite.Image.Graph.Drivers.IGraphDriver)_driver).CreateLayer("1", []))
        {
            draft.Apply(Archives.Of(("f", "1")), TestContext.Current.CancellationToken);
            draft.Commit();
        }

        using (var root = new MountedRoot(_driver.PrepareRootfs("k", ["1"]), _folder)) root.Write("/g", "mine");
        _driver.Dispose();
        Start(options);
        Assert.Equal(["1"], _driver!.ListLayers());
        Assert.Equal(["k"], _driver.ListRootfs());
        _driver.Deactivate();
        _driver.Dispose();
        Start(options);
        using (var root = new MountedRoot(_driver!.PrepareRootfs("k", ["1"]), _folder)) Assert.Equal(("1", "mine"), (root.Read("/f"), root.Read("/g")));
        Assert.False(File.Exists(Path.Combine(Root, "data")));
        _driver.Deactivate();

        // Another folder knows nothing of what is on them; and what has one of them alone has no pool.
        var others = Assert.Throws<SuiteException>(() => new DeviceMapperDriver(_folder.Path("other"), options, TimeProvider.System));
        Assert.Equal(ErrorKind.FailedPrecondition, others.Kind);
        Assert.Contains("dd if=/dev/zero", others.Message, StringComparison.Ordinal);
        Assert.Equal(ErrorKind.InvalidArgument, Assert.Throws<SuiteException>(() => new DeviceMapperDriver(_folder.Path("half"), options with { MetadataDevice = "" }, TimeProvider.System)).Kind);
        disks.Clear();
        var gone = Assert.Throws<SuiteException>(() => new DeviceMapperDriver(Root, options, TimeProvider.System));
        Assert.Equal(ErrorKind.Corrupt, gone.Kind);
    }

    [RootFact]
    public void Devices_may_have_xfs_and_keep_it_whatever_the_settings_say_later()
    {
        var xfs = Pools.Small with { Filesystem = "xfs", BaseBytes = 320L << 20, LoopDataBytes = 512L << 20 };
        Start(xfs);
        foreach (var (id, name) in (ReadOnlySpan<(string, string)>)[("1", "f"), ("2", "g")])
        {
            using var draft = ((Suite.Image.Graph.Drivers.IGraphDriver)_driver!).CreateLayer(id, id == "1" ? [] : ["1"]);
            draft.Apply(Archives.Of((name, id)), TestContext.Current.CancellationToken);
            draft.Commit();
        }

        Assert.Equal(("xfs", 3UL), (_driver!.Figures().Single(f => f.Name == "Backing Filesystem").Value, _driver.LayerUsage("2").Inodes));
        Assert.NotNull(_driver.View(["1", "2"]).Resolve("/g").Status);
        _driver.Deactivate();
        _driver.Dispose();

        Start(xfs with { Filesystem = "ext4" });
        using (var root = new MountedRoot(_driver!.PrepareRootfs("k", ["1", "2"]), _folder))
        using (new MountedRoot(_driver.PrepareRootfs("other", ["1", "2"]), _folder)) // both have one UUID
        {
            Assert.Equal(("1", "2"), (root.Read("/f"), root.Read("/g")));
            root.Write("/f", "changed");
            File.Delete(root.Path + "/g");
            Assert.Equal(["D /g", "C /f"], _driver.RootfsChanges("k", ["1", "2"], TestContext.Current.CancellationToken).Select(c => c.ToString()));
        }

        Assert.Equal(ErrorKind.InvalidArgument, Assert.Throws<SuiteException>(() => new DeviceMapperDriver(_folder.Path("third"), xfs with { Filesystem = "btrfs" }, TimeProvider.System)).Kind);
    }

    private void Start(DeviceMapperOptions options)
    {
        _driver = new DeviceMapperDriver(Root, options, TimeProvider.System);
        _driver.Recover();
    }
}
