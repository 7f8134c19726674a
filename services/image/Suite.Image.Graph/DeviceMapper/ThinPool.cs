using System.Globalization;
using Suite.Linux.Errors;
using Suite.Linux.Files;
using Suite.Linux.Native;

namespace Suite.Image.Graph.DeviceMapper;

/// <summary>The pool that all devices take their blocks from: found as it is, or made on two files or on two devices.</summary>
internal sealed class ThinPool
{
    public const int Sector = 512;

    private readonly DmControl _control;
    private readonly DeviceMapperOptions _options;
    private readonly string _data;
    private readonly string _metadata;

    private readonly DeviceRecords _records;

    /// <param name="prefix">Of the names of all devices; of this machine alone.</param>
    /// <param name="records">Of what was in the pool.</param>
    public ThinPool(DmControl control, DeviceMapperOptions options, string root, string prefix, DeviceRecords records)
    {
        _records = records;
        (_control, _options) = (control, options);
        (_data, _metadata) = (Path.Combine(root, "data"), Path.Combine(root, "metadata"));
        Name = options.ThinPool.Length > 0 ? options.ThinPool : $"{prefix}-pool";
    }

    public string Name { get; }

    public bool IsOwn => _options.ThinPool.Length == 0;

    public bool IsOnFiles => IsOwn && _options.DataDevice.Length == 0;

    public string DataFile => IsOnFiles ? _data : _options.DataDevice;

    public string MetadataFile => IsOnFiles ? _metadata : _options.MetadataDevice;

    public long BlockBytes => long.Parse(_control.Table(Name).Split(' ')[2], CultureInfo.InvariantCulture) * Sector;

    public void Open()
    {
        if (_control.Exists(Name)) _control.EnsureNode(Name);
        else if (!IsOwn)
            throw new SuiteException(ErrorKind.FailedPrecondition, $"There is no thin pool {Name}: make it, for example with lvcreate(8), or leave deviceMapper:thinPool out.");
        else if (IsOnFiles) MakeOnFiles();
        else MakeOnDevices();
    }

    public PoolStatus Status(bool flush = false) => PoolStatus.Parse(_control.Status(Name, flush), Name);

    /// <summary>False when the number is taken.</summary>
    public bool TryCreateThin(uint device) => Created(device, _control.Message(Name, $"create_thin {device}"));

    /// <summary>False when the number is taken. The origin must be suspended if it is active.</summary>
    public bool TryCreateSnapshot(uint device, uint origin) => Created(device, _control.Message(Name, $"create_snap {device} {origin}"));

    /// <summary>False when it is in use. One that is not there is no error.</summary>
    public bool TryDelete(uint device)
    {
        var result = _control.Message(Name, $"delete {device}");
        if (result == -ErrnoNames.EBUSY) return false;
        DmControl.Check($"delete the device {device} of", Name, result == -ErrnoNames.ENODATA ? 0 : result);
        return true;
    }

    /// <summary>The kernel refuses it unless the pool has the first id, and has both ids and all before on the disk when this returns.</summary>
    public void SetTransaction(ulong from, ulong to) =>
        DmControl.Check($"set the transaction id {to} of", Name, _control.Message(Name, $"set_transaction_id {from} {to}"));

    public void Remove()
    {
        if (IsOwn) _control.Remove(Name);
    }

    /// <summary>Makes the data file longer, and with it the pool. False at the limit.</summary>
    public bool TryGrow()
    {
        if (!IsOnFiles) return false;
        var length = new FileInfo(_data).Length;
        var longer = Math.Min(length * 2, _options.LoopDataMaxBytes) / _options.BlockBytes * _options.BlockBytes;
        if (longer <= length) return false;
        using (var file = File.Open(_data, FileMode.Open, FileAccess.Write)) file.SetLength(longer);
        // The table names devices by their numbers, and a loop device's minor one is in its name.
        var words = _control.Table(Name).Split(' ');
        LoopFile.Resize($"/dev/loop{words[1].Split(':')[1]}");
        _control.Load(Name, (ulong)longer / Sector, "thin-pool", string.Join(' ', (string[])[.. words[..3], LowWater(longer), .. words[4..]]));
        _control.Suspend(Name);
        _control.Resume(Name);
        return true;
    }

    private void MakeOnFiles()
    {
        var isNew = !File.Exists(_data) || !File.Exists(_metadata);
        if (isNew && _records.PlannedTransaction is not null)
            throw new SuiteException(ErrorKind.Corrupt, $"The thin pool's file {(File.Exists(_data) ? _metadata : _data)} is missing: restore it, or remove the driver's folder and pull the images again.");
        if (isNew)
        {
            using (var file = File.Create(_data)) file.SetLength(_options.LoopDataBytes);
            using (var file = File.Create(_metadata)) file.SetLength(_options.LoopMetadataBytes); // of zeros: the pool formats what has them
        }

        using var data = LoopFile.Attach(_data);
        using var metadata = LoopFile.Attach(_metadata);
        Make(data.Device, metadata.Device);
    }

    /// <summary>A pool whose metadata begins with zeros is new to the kernel, and one with anything else is not asked whose it is.</summary>
    private void MakeOnDevices()
    {
        if (_options.MetadataDevice.Length == 0)
            throw new SuiteException(ErrorKind.InvalidArgument, "deviceMapper:dataDevice is set and metadataDevice is not: a pool needs both.");
        var isNew = Beginning(_options.MetadataDevice).All(b => b == 0);
        if (isNew && _records.PlannedTransaction > 0)
            throw new SuiteException(ErrorKind.Corrupt, $"The metadata device {_options.MetadataDevice} is empty and the pool that was on it had images: bring back the right device, or remove the driver's folder and pull the images again.");
        if (!isNew && _records.PlannedTransaction is null)
            throw new SuiteException(
                ErrorKind.FailedPrecondition, $"The metadata device {_options.MetadataDevice} has something on it. If that may go, write zeros to its first 4096 bytes: dd if=/dev/zero of={_options.MetadataDevice} bs=4096 count=1");
        _records.PlannedTransaction ??= 0; // from now on it is ours, also if we end before there is anything in it
        Make(_options.DataDevice, _options.MetadataDevice);
    }

    private static byte[] Beginning(string device)
    {
        try
        {
            using var file = File.OpenHandle(device);
            var bytes = new byte[4096];
            RandomAccess.Read(file, bytes, 0);
            return bytes;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new SuiteException(ErrorKind.FailedPrecondition, $"The device {device} cannot be read: {e.Message}", e);
        }
    }

    private void Make(string data, string metadata)
    {
        var length = LengthOf(data);
        // Blocks are not zeroed: a file system never reads what it did not write, and containers do not see the device.
        _control.Create(
            Name, (ulong)length / Sector, "thin-pool",
            string.Create(CultureInfo.InvariantCulture, $"{metadata} {data} {_options.BlockBytes / Sector} {LowWater(length)} 1 skip_block_zeroing"));
    }

    /// <summary>In blocks: with fewer free the kernel wakes who waits for it, and sends an event.</summary>
    private string LowWater(long length) => (length / _options.BlockBytes * _options.LowWaterPercent / 100).ToString(CultureInfo.InvariantCulture);

    private long LengthOf(string device)
    {
        using var file = File.OpenHandle(device);
        var length = FileContent.Seek((int)file.DangerousGetHandle(), 0, FileContent.SEEK_END);
        if (length <= 0) throw new ErrnoException($"find the length of {device}", (int)-length);
        return length / _options.BlockBytes * _options.BlockBytes;
    }

    private bool Created(uint device, int result)
    {
        if (result == -ErrnoNames.EEXIST) return false;
        DmControl.Check($"make the device {device} of", Name, result);
        return true;
    }
}
