using Suite.Contract.Tests.Graph;
using Suite.Image.Graph.DeviceMapper;
using Suite.Image.Graph.Drivers;

namespace Suite.Vm.Tests.Graph;

/// <summary>The contract of all graph drivers, on a thin pool of its own for each test; a restart is a reboot.</summary>
public sealed class DeviceMapperDriverTests : GraphDriverContract
{
    private DeviceMapperDriver? _open;

    private protected override int ManyLayers => 15;

    private protected override int Deep => 50;

    private protected override IGraphDriver Open(string root)
    {
        _open = Pools.Open(root);
        return _open;
    }

    private protected override void Close()
    {
        _open?.Deactivate();
        _open?.Dispose();
        _open = null;
    }
}
