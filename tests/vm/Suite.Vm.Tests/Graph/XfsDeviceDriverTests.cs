using Suite.Contract.Tests.Graph;
using Suite.Image.Graph.DeviceMapper;
using Suite.Image.Graph.Drivers;

namespace Suite.Vm.Tests.Graph;

/// <summary>The contract of all graph drivers on devices with xfs. Takes minutes, as mkfs.xfs writes a log for each, and is run by its name.</summary>
public sealed class XfsDeviceDriverTests : GraphDriverContract
{
    private DeviceMapperDriver? _open;

    private protected override int ManyLayers => 15;

    private protected override int Deep => 50;

    // xfs puts a small file beside what it has already: into a block of the pool that the device has mapped, and the pool counts once.
    private protected override int Counted => 1 << 20;

    private protected override IGraphDriver Open(string root)
    {
        _open = new DeviceMapperDriver(root, Pools.Small with { Filesystem = "xfs", BaseBytes = 320L << 20, LoopDataBytes = 512L << 20 }, TimeProvider.System);
        _open.Recover();
        return _open;
    }

    private protected override void Close()
    {
        _open?.Deactivate();
        _open?.Dispose();
        _open = null;
    }
}
