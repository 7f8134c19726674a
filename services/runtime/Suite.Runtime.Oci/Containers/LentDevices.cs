using Suite.Linux.Handles;
using Suite.Runtime.Exec.Inits;
using Suite.Runtime.Exec.Plans;
using static Tmds.Linux.LibC;

namespace Suite.Runtime.Oci.Containers;

/// <summary>Network devices that a container is given, and that go back if there is to be none. They outlive its first process by the namespace that is held here.</summary>
internal sealed class LentDevices(IReadOnlyList<DeviceMove> moves) : IDisposable
{
    private int _network = -1;
    private bool _given;

    public void Give(int pid)
    {
        _network = Descriptor.Open($"/proc/{pid}/ns/net", O_RDONLY);
        NetworkDevices.Give(moves, _network);
        _given = true;
    }

    /// <returns>As <see cref="NetworkDevices.TakeBack"/>.</returns>
    public string? TakeBack() => _given ? NetworkDevices.TakeBack(moves, _network) : null;

    public void Dispose() => Descriptor.Close(_network);
}
