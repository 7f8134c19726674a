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

    private string Root => _folder.Path("graph");

    public void Dispose()
    {
        _driver?.Deactivate();
        _driver?.Dispose();
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

    private void Start(DeviceMapperOptions options)
    {
        _driver = new DeviceMapperDriver(Root, options, TimeProvider.System);
        _driver.Recover();
    }
}
