using System.Globalization;
using Suite.Image.Graph.Changes;
using Suite.Image.Graph.Drivers;
using Suite.Image.Graph.Layers;
using Suite.Linux.Errors;
using Suite.Linux.Files;
using Suite.Linux.Mounts;
using Suite.Linux.Native;
using FileStatus = Suite.Linux.Native.FileStatus;

namespace Suite.Image.Graph.DeviceMapper;

/// <summary>
/// Every layer is a snapshot of the one below in a thin pool, and every root file system one of its topmost layer: a block device with
/// a file system of its own, of a fixed size, whose blocks are shared until they are written to.
/// </summary>
internal sealed class DeviceMapperDriver : IGraphDriver, IDisposable
{
    private static readonly TimeSpan WatchPeriod = TimeSpan.FromSeconds(5);

    private readonly DmControl _control = new();
    private readonly DeviceMapperOptions _options;
    private readonly DeviceRecords _records;
    private readonly RootLayers _rootLayers;
    private readonly ThinPool _pool;
    private readonly ThinDevices _devices;
    private readonly PoolRoom _room;
    private readonly Lazy<DeviceRecord> _base;
    private readonly ITimer _watch;
    private readonly HashSet<DeviceLayerDraft> _drafts = [];

    /// <param name="root">The driver's own folder.</param>
    public DeviceMapperDriver(string root, DeviceMapperOptions options, TimeProvider time)
    {
        _options = options;
        var filesystem = DeviceFilesystem.Of(options.Filesystem);
        DriverFolder.Make(root);
        _records = new DeviceRecords(root);
        _rootLayers = new RootLayers(Path.Combine(root, "root-layers"));
        var prefix = PrefixOf(root);
        _pool = new ThinPool(_control, options, root, prefix, _records);
        _pool.Open();
        _devices = new ThinDevices(_control, _pool, _records, options, prefix);
        _room = new PoolRoom(_pool, options);
        _base = new Lazy<DeviceRecord>(() => BaseDevice.Open(_devices, _records, filesystem));
        _watch = time.CreateTimer(_ => Watch(), null, WatchPeriod, WatchPeriod);
    }

    public string Name => "devicemapper";

    /// <summary>What all devices have, as they come from one.</summary>
    private DeviceFilesystem Filesystem => DeviceFilesystem.Of(_base.Value.Filesystem);

    /// <summary>What went wrong while nobody had asked for anything: the pool could not be looked at or made larger.</summary>
    public event Action<SuiteException>? Trouble;

    public bool LayersAreIndependent => false;

    public ILayerDraft CreateLayer(string id, IReadOnlyList<string> below)
    {
        LayerId.Checked(id);
        var origin = Top(below);
        _room.Require();
        var draft = new DeviceLayerDraft(_devices, _records, Filesystem, id, origin);
        lock (_drafts)
        {
            _drafts.RemoveWhere(d => d.HasEnded);
            _drafts.Add(draft);
        }

        return draft;
    }

    public bool HasLayer(string id) => _records.Has(DeviceRecords.Layer(id));

    public IReadOnlyList<string> ListLayers() => _records.Layers();

    public void RemoveLayer(string id)
    {
        _rootLayers.RequireUnused(id);
        _records.Discard(DeviceRecords.Layer(id));
        _devices.Sweep();
    }

    /// <summary>What the layer uses more than the one below. The pool knows what a device uses, not what is its alone.</summary>
    public TreeUsage LayerUsage(string id)
    {
        var record = Existing(DeviceRecords.Layer(id), $"layer '{id}'");
        using var device = _devices.Activate(record, readOnly: true);
        return new TreeUsage(Above(record, record.MappedBytes), Filesystem.UsedInodes(device.Path));
    }

    public ILayerView View(IReadOnlyList<string> layers) => new DeviceView(_devices, Filesystem, Top(layers));

    public RootfsMount PrepareRootfs(string key, IReadOnlyList<string> layers)
    {
        var name = DeviceRecords.Rootfs(key);
        var origin = Top(layers);
        _rootLayers.Set(key, layers);
        var record = _records.Find(name);
        if (record is null)
        {
            _room.Require();
            var draft = DeviceRecords.NewDraft();
            record = _devices.Create(draft, origin);
            _records.Rename(draft, name, record);
        }

        return new RootfsMount(Filesystem.Name, _devices.Keep(record), Filesystem.WriteOptions);
    }

    public IReadOnlyList<string> ListRootfs() => _records.Rootfses();

    public void RemoveRootfs(string key)
    {
        _records.Discard(DeviceRecords.Rootfs(key));
        _rootLayers.Forget(key);
        _devices.Sweep();
    }

    public TreeUsage RootfsUsage(string key)
    {
        var record = Existing(DeviceRecords.Rootfs(key), $"root file system '{key}'");
        using var device = _devices.Activate(record, readOnly: false);
        return new TreeUsage(Above(record, _devices.MappedBytes(record.Device)), Filesystem.UsedInodes(device.Path));
    }

    public IReadOnlyList<TreeChange> RootfsChanges(string key, IReadOnlyList<string> layers, CancellationToken cancellationToken) =>
        Compare(key, layers, (changes, _) => changes, cancellationToken);

    public void WriteChanges(string key, IReadOnlyList<string> layers, ArchiveRules rules, Stream archive, CancellationToken cancellationToken) =>
        Compare(
            key, layers,
            (changes, root) =>
            {
                new ChangeArchive(root, archive, rules.LatestTime).Write(MountPointChanges.Without(changes, rules, root, View(layers)), cancellationToken);
                return true;
            },
            cancellationToken);

    public IReadOnlyList<(string Name, string Value)> Figures() => PoolFigures.Of(_pool, _pool.Status(), _options, Filesystem);

    /// <summary>A layer is on the disk when its commit returns: its file system is unmounted, its record flushed.</summary>
    public void Sync(IReadOnlyCollection<string> layers)
    {
    }

    public void Recover()
    {
        var records = _records.All();
        var pool = _pool.Status().TransactionId;
        foreach (var name in PoolRecovery.Plan(records, _records.PlannedTransaction, pool, _pool.Name)) _devices.Delete(name, records[name]);
        _rootLayers.Recover(ListRootfs());
        _ = _base.Value;
    }

    /// <summary>Takes all devices and an own pool out of the kernel, as a reboot does. What they hold stays.</summary>
    public void Deactivate()
    {
        _watch.Dispose();
        lock (_drafts) foreach (var draft in _drafts) draft.LetGo();
        _devices.DeactivateAll();
        _pool.Remove();
    }

    public void Dispose()
    {
        _watch.Dispose();
        _control.Dispose();
    }

    private TResult Compare<TResult>(string key, IReadOnlyList<string> layers, Func<IReadOnlyList<TreeChange>, int, TResult> use, CancellationToken cancellationToken)
    {
        var root = Existing(DeviceRecords.Rootfs(key), $"root file system '{key}'");
        using var before = _devices.Activate(Top(layers), readOnly: true);
        using var after = _devices.Activate(root, readOnly: false);
        using var lower = DetachedMount.Open(Filesystem.Name, before.Path, Filesystem.ReadOptions, readOnly: true);
        // A second mount of what the container has mounted is the same file system, so this one sees what it wrote.
        using var upper = DetachedMount.Open(Filesystem.Name, after.Path, Filesystem.WriteOptions, readOnly: false);
        var changes = TreeComparison.Find(lower.Descriptor, upper.Descriptor, IsUntouched, cancellationToken);
        return use(changes, upper.Descriptor);
    }

    /// <summary>A snapshot has the same inodes with the same times of change, and nobody can set those back.</summary>
    private static bool IsUntouched(FileStatus before, FileStatus after) =>
        before.Inode == after.Inode && (before.ChangedSeconds, before.ChangedNanoseconds) == (after.ChangedSeconds, after.ChangedNanoseconds);

    private DeviceRecord Top(IReadOnlyList<string> layers)
    {
        if (layers.FirstOrDefault(id => !HasLayer(id)) is { } missing)
            throw new SuiteException(ErrorKind.Corrupt, $"The layer {missing} is missing: remove the image and pull it again.");
        return layers.Count == 0 ? _base.Value : _records.Find(DeviceRecords.Layer(layers[^1]))!;
    }

    private DeviceRecord Existing(string name, string what) =>
        _records.Find(name) ?? throw new SuiteException(ErrorKind.NotFound, $"There is no {what}.");

    private static ulong Above(DeviceRecord record, ulong mapped) => mapped > record.OriginBytes ? mapped - record.OriginBytes : 0;

    private void Watch()
    {
        try
        {
            _room.Watch();
            _devices.Sweep();
        }
        catch (SuiteException e)
        {
            Trouble?.Invoke(e);
        }
    }

    /// <summary>Of this folder and no other one on the machine, also after a reboot.</summary>
    private static string PrefixOf(string root)
    {
        var result = FileCalls.StatAt(FileCalls.AT_FDCWD, System.Text.Encoding.UTF8.GetBytes(root), out var status);
        if (result < 0) throw new ErrnoException($"look at {root}", -result);
        return string.Create(CultureInfo.InvariantCulture, $"suite-{status.FileSystemMajor}.{status.FileSystemMinor}-{status.Inode}");
    }
}
