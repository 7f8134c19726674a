using Suite.Image.Graph.DeviceMapper;
using Suite.Image.Graph.Drivers;
using Suite.Image.Graph.Vfs;
using Suite.Linux.Native;

namespace Suite.Vm.Tests.Graph;

internal static class Pools
{
    /// <summary>Small enough for mkfs to be quick where a machine is emulated.</summary>
    public static DeviceMapperOptions Small { get; } = new()
    {
        LoopDataBytes = 256L << 20, LoopDataMaxBytes = 1L << 30, LoopMetadataBytes = 16L << 20, BaseBytes = 96L << 20,
    };

    private static readonly Lazy<string> Made = new(() =>
    {
        var folder = Directory.CreateTempSubdirectory("pool-made-once-").FullName;
        using var driver = new DeviceMapperDriver(folder, Small, TimeProvider.System);
        driver.Recover();
        driver.Deactivate();
        return folder;
    });

    /// <summary>Opens a driver on a folder; a new one begins as a copy of a pool that has its base device, as mkfs takes seconds.</summary>
    public static DeviceMapperDriver Open(string root)
    {
        if (!Directory.Exists(root))
        {
            Directory.CreateDirectory(root);
            var (source, target) = (DriverFolder.Open(Made.Value), DriverFolder.Open(root));
            TreeCopy.Run(source, target, TestContext.Current.CancellationToken);
            FileCalls.Close(source);
            FileCalls.Close(target);
        }

        var driver = new DeviceMapperDriver(root, Small, TimeProvider.System);
        driver.Recover();
        return driver;
    }
}
