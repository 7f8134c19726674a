using Suite.Image.Graph.Drivers;
using Suite.Image.Graph.Overlay;
using Suite.Linux.Mounts;
using Suite.Linux.Native;

namespace Suite.Image.Graph.DeviceMapper;

/// <summary>Looks into a layer's device, which is in the kernel only meanwhile.</summary>
internal sealed class DeviceView(ThinDevices devices, DeviceFilesystem filesystem, DeviceRecord layer) : ILayerView
{
    public (string Path, FileStatus? Status) Resolve(string path)
    {
        using var device = devices.Activate(layer, readOnly: true);
        using var mount = DetachedMount.Open(filesystem.Name, device.Path, filesystem.ReadOptions, readOnly: true);
        return new OverlayView([mount.Path]).Resolve(path);
    }

    public OpenedTree Open()
    {
        var device = devices.Activate(layer, readOnly: true);
        try
        {
            var mount = DetachedMount.Open(filesystem.Name, device.Path, filesystem.ReadOptions, readOnly: true);
            return new OpenedTree([mount.Path], mount, device);
        }
        catch
        {
            device.Dispose();
            throw;
        }
    }
}
