namespace Suite.Image.Graph.DeviceMapper;

/// <summary>A thin device that is in the kernel while this is held.</summary>
internal sealed class ActiveDevice(ThinDevices devices, uint device, string path) : IDisposable
{
    private int _disposed;

    public string Path { get; } = path;

    public void Dispose()
    {
        if (Interlocked.Exchange(ref _disposed, 1) == 0) devices.Release(device);
    }
}
