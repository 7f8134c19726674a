using System.Globalization;
using Suite.Linux.Errors;

namespace Suite.Image.Graph.DeviceMapper;

/// <summary>
/// Makes thin devices, each by one transaction, and puts them into the kernel and out of it. One at a time: the pool takes its
/// messages one at a time too.
/// </summary>
internal sealed class ThinDevices(DmControl control, ThinPool pool, DeviceRecords records, DeviceMapperOptions options, string prefix)
{
    private const uint LastDevice = (1 << 24) - 1;

    private readonly Lock _gate = new();
    private readonly Dictionary<uint, int> _users = [];
    private readonly HashSet<uint> _foundActive = [];
    private uint _next;

    public string NameOf(uint device) => $"{prefix}-{device}";

    /// <summary>A new device, empty or with what another has, under the name of a record.</summary>
    public DeviceRecord Create(string name, DeviceRecord? origin)
    {
        lock (_gate)
        {
            var before = pool.Status().TransactionId;
            if (_next == 0) _next = records.All().Values.Select(r => r.Device).DefaultIfEmpty().Max() + 1;
            records.PlannedTransaction = before + 1;
            while (true)
            {
                var record = new DeviceRecord(NextNumber(), before + 1, 0, origin?.MappedBytes ?? 0, SizeBytes: origin?.SizeBytes ?? (ulong)options.BaseBytes);
                records.Write(name, record);
                if (origin is null ? !pool.TryCreateThin(record.Device) : !Snapshot(record.Device, origin.Device)) continue;
                pool.SetTransaction(before, before + 1);
                return record;
            }
        }
    }

    /// <summary>Puts a device into the kernel, for as long as the answer is not disposed of. Its path is that of the node.</summary>
    public ActiveDevice Activate(DeviceRecord record, bool readOnly)
    {
        lock (_gate)
        {
            var device = record.Device;
            var users = _users.GetValueOrDefault(device);
            if (users == 0) Start(record, readOnly);
            _users[device] = users + 1;
            return new ActiveDevice(this, device, DmControl.PathOf(NameOf(device)));
        }
    }

    /// <summary>Puts a device into the kernel, to stay until it is deleted. Idempotent.</summary>
    public string Keep(DeviceRecord record)
    {
        lock (_gate)
        {
            Start(record, readOnly: false);
            _foundActive.Add(record.Device);
            return DmControl.PathOf(NameOf(record.Device));
        }
    }

    /// <summary>Bytes of the pool that a device uses, with those that it shares.</summary>
    public ulong MappedBytes(uint device)
    {
        // "sectors highest", or "-" for one that nothing was written to
        var mapped = control.Status(NameOf(device), flush: true).Split(' ')[0];
        return ulong.TryParse(mapped, CultureInfo.InvariantCulture, out var sectors) ? sectors * ThinPool.Sector : 0;
    }

    public bool IsActive(uint device) => control.Exists(NameOf(device));

    /// <summary>Deletes what is to be deleted. What is in use goes later: its record stays.</summary>
    public void Sweep()
    {
        lock (_gate)
        {
            foreach (var (name, record) in records.Trash()) Delete(name, record);
        }
    }

    public void Delete(string name, DeviceRecord record)
    {
        lock (_gate)
        {
            _foundActive.Remove(record.Device);
            if (_users.GetValueOrDefault(record.Device) > 0 || !control.Remove(NameOf(record.Device)) || !pool.TryDelete(record.Device)) records.Discard(name);
            else records.Remove(name);
        }
    }

    /// <summary>Takes every device out of the kernel; what they hold stays.</summary>
    public void DeactivateAll()
    {
        foreach (var record in records.All().Values) control.Remove(NameOf(record.Device));
    }

    internal void Release(uint device)
    {
        lock (_gate)
        {
            if (--_users[device] > 0) return;
            _users.Remove(device);
            if (!_foundActive.Contains(device)) control.Remove(NameOf(device));
        }
    }

    private void Start(DeviceRecord record, bool readOnly)
    {
        var device = record.Device;
        var name = NameOf(device);
        if (control.Exists(name))
        {
            // A container's, from before this process.
            if (_users.GetValueOrDefault(device) == 0) _foundActive.Add(device);
            control.EnsureNode(name);
            return;
        }

        control.Create(name, record.SizeBytes / ThinPool.Sector, "thin", $"{DmControl.PathOf(pool.Name)} {device}", readOnly);
    }

    private bool Snapshot(uint device, uint origin)
    {
        // thin-provisioning.rst: an origin that is written to meanwhile would leave the snapshot torn.
        var active = control.Exists(NameOf(origin));
        if (active) control.Suspend(NameOf(origin));
        try
        {
            return pool.TryCreateSnapshot(device, origin);
        }
        finally
        {
            if (active) control.Resume(NameOf(origin));
        }
    }

    private uint NextNumber() =>
        _next <= LastDevice ? _next++ : throw new SuiteException(ErrorKind.ResourceExhausted, $"The thin pool {pool.Name} has used all {LastDevice} numbers of devices: make a new one.");
}
