using Suite.Image.Graph.Drivers;
using Suite.Image.Graph.Layers;
using Suite.Image.Graph.Tar;
using Suite.Linux.Errors;
using Suite.Linux.Mounts;

namespace Suite.Image.Graph.DeviceMapper;

/// <summary>A snapshot of the layer below, mounted where nobody else sees it.</summary>
internal sealed class DeviceLayerDraft : ILayerDraft
{
    private readonly ThinDevices _devices;
    private readonly DeviceRecords _records;
    private readonly string _id;
    private readonly string _draft = DeviceRecords.NewDraft();
    private readonly DeviceRecord _record;
    private readonly ActiveDevice _device;
    private readonly DetachedMount _mount;
    private bool _ended;

    public DeviceLayerDraft(ThinDevices devices, DeviceRecords records, DeviceFilesystem filesystem, string id, DeviceRecord below)
    {
        (_devices, _records, _id) = (devices, records, id);
        _record = devices.Create(_draft, below);
        try
        {
            _device = devices.Activate(_record, readOnly: false);
            try
            {
                _mount = DetachedMount.Open(filesystem.Name, _device.Path, filesystem.WriteOptions, readOnly: false);
            }
            catch
            {
                _device.Dispose();
                throw;
            }
        }
        catch
        {
            devices.Delete(_draft, _record);
            throw;
        }
    }

    public bool HasEnded => _ended;

    public void Apply(Stream archive, TarLimits limits, CancellationToken cancellationToken)
    {
        var lower = new CopiedLower();
        using var root = new LayerRoot(_mount.Path, lower);
        new LayerApplier(root, lower).Apply(new TarReader(archive, limits), cancellationToken);
    }

    public void Commit()
    {
        if (_records.Has(DeviceRecords.Layer(_id))) throw new SuiteException(ErrorKind.AlreadyExists, $"The layer {_id} exists already.");
        // With the last descriptor the file system is written down and unmounted, and with the flush that ends it the pool's metadata too.
        _mount.Dispose();
        var mapped = _devices.MappedBytes(_record.Device);
        _device.Dispose();
        _records.Rename(_draft, DeviceRecords.Layer(_id), _record with { MappedBytes = mapped });
        _ended = true;
    }

    public void Dispose()
    {
        if (_ended) return;
        _ended = true;
        LetGo();
        _devices.Delete(_draft, _record);
    }

    /// <summary>As when the process is killed: the record of the draft stays, for the recovery to find.</summary>
    internal void LetGo()
    {
        _mount.Dispose();
        _device.Dispose();
    }
}
