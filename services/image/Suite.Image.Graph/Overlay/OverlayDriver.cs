using Suite.Image.Graph.Changes;
using Suite.Image.Graph.Drivers;
using Suite.Image.Graph.Layers;
using Suite.Linux.Errors;
using Suite.Linux.Files;
using Suite.Linux.Storage;

namespace Suite.Image.Graph.Overlay;

/// <summary>
/// Layers as directories that overlayfs stacks. A layer is unpacked with nothing under it, so that all layers of an image are
/// unpacked at the same time and each is kept once however many images share it.
/// </summary>
internal sealed class OverlayDriver : IGraphDriver
{
    private readonly OverlayLayout _layout;
    private readonly RootLayers _rootLayers;

    /// <param name="root">The driver's own folder, on a file system that overlayfs takes as an upper one.</param>
    public OverlayDriver(string root)
    {
        _layout = new OverlayLayout(root);
        _layout.Make();
        _rootLayers = new RootLayers(_layout.RootLayers);
    }

    public string Name => "overlay";

    public bool LayersAreIndependent => true;

    public ILayerDraft CreateLayer(string id, IReadOnlyList<string> below) => new OverlayLayerDraft(_layout, LayerId.Checked(id));

    public bool HasLayer(string id) => Directory.Exists(_layout.Layer(LayerId.Checked(id)));

    public IReadOnlyList<string> ListLayers() => DriverFolder.Names(_layout.Layers);

    public void RemoveLayer(string id)
    {
        _rootLayers.RequireUnused(LayerId.Checked(id));
        DriverFolder.Discard(_layout.Layer(id), _layout.Trash);
        File.Delete(_layout.Implied(id));
    }

    public TreeUsage LayerUsage(string id) => FileTree.Usage(_layout.Layer(LayerId.Checked(id)));

    public ILayerView View(IReadOnlyList<string> layers) => new OverlayView(Lower(layers));

    public RootfsMount PrepareRootfs(string key, IReadOnlyList<string> layers)
    {
        var lower = Lower(layers);
        if (lower.FirstOrDefault(l => !Directory.Exists(l)) is { } missing)
            throw new SuiteException(ErrorKind.Corrupt, $"The layer directory {missing} is missing: remove the image and pull it again.");

        var mount = OverlayMount.Plan(lower, _layout.Upper(LayerId.Checked(key)), _layout.Work(key));
        _rootLayers.Set(key, layers);
        if (!Directory.Exists(_layout.Upper(key))) OverlayUpper.Make(_layout, key, layers, lower);
        return mount;
    }

    public IReadOnlyList<string> ListRootfs() => DriverFolder.Names(_layout.Rootfs);

    public void RemoveRootfs(string key)
    {
        DriverFolder.Discard(Path.Combine(_layout.Rootfs, LayerId.Checked(key)), _layout.Trash);
        _rootLayers.Forget(key);
    }

    public IReadOnlyList<TreeChange> RootfsChanges(string key, IReadOnlyList<string> layers, CancellationToken cancellationToken) =>
        OverlayChanges.Find(ExistingUpper(key), Lower(layers), cancellationToken);

    public void WriteChanges(string key, IReadOnlyList<string> layers, ArchiveRules rules, Stream archive, CancellationToken cancellationToken)
    {
        var upper = ExistingUpper(key);
        var changes = OverlayChanges.Find(upper, Lower(layers), cancellationToken);
        using var root = new LayerRoot(upper, null);
        new ChangeArchive(root.Descriptor, archive, rules.LatestTime).Write(MountPointChanges.Without(changes, rules, root.Descriptor, View(layers)), cancellationToken);
    }

    public void WriteTree(string key, IReadOnlyList<string> layers, Stream archive, CancellationToken cancellationToken) =>
        OverlayTree.Write([ExistingUpper(key), .. Lower(layers)], archive, cancellationToken);

    public IReadOnlyList<(string Name, string Value)> Figures() =>
    [
        ("Backing Filesystem", new DriveInfo(_layout.Root).DriveFormat),
        ("Native Overlay Diff", "true"),
    ];

    public TreeUsage RootfsUsage(string key) => FileTree.Usage(ExistingUpper(key));

    public void Sync(IReadOnlyCollection<string> layers)
    {
        var lists = layers.Select(id => _layout.Implied(LayerId.Checked(id))).Where(File.Exists);
        TreeFlush.Flush([.. layers.Select(id => _layout.Layer(LayerId.Checked(id))), .. lists]);
        DirectoryFlush.Flush(_layout.ImpliedLists);
        DirectoryFlush.Flush(_layout.Layers);
    }

    public void Recover()
    {
        DriverFolder.Clear(_layout.Drafts, _layout.Trash);
        _rootLayers.Recover(ListRootfs());
        foreach (var list in Directory.EnumerateFiles(_layout.ImpliedLists).Where(l => !Directory.Exists(_layout.Layer(Path.GetFileName(l))))) File.Delete(list);
    }

    private string ExistingUpper(string key) =>
        Directory.Exists(_layout.Upper(LayerId.Checked(key)))
            ? _layout.Upper(key)
            : throw new SuiteException(ErrorKind.NotFound, $"There is no root file system '{key}'.");

    /// <summary>Topmost first, and never none. overlayfs does not ask a layer's root whether it is opaque, so what lies below one is left out.</summary>
    private string[] Lower(IReadOnlyList<string> layers)
    {
        string[] all = [.. layers.Reverse().Select(id => _layout.Layer(LayerId.Checked(id)))];
        var opaque = Array.FindIndex(all, OverlayLower.IsOpaque);
        return all.Length == 0 ? [_layout.Empty] : opaque < 0 ? all : all[..(opaque + 1)];
    }
}
