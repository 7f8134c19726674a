using Suite.Image.Graph.Changes;
using Suite.Image.Graph.Drivers;
using Suite.Image.Graph.Layers;
using Suite.Image.Graph.Overlay;
using Suite.Linux.Errors;
using Suite.Linux.Files;
using Suite.Linux.Native;
using Suite.Linux.Storage;

namespace Suite.Image.Graph.Vfs;

/// <summary>
/// Every layer and every root file system is a whole tree of its own. Needs nothing of the kernel and works on any file system; on
/// one that shares blocks between files (xfs, btrfs) a copy takes little space. It is what the other drivers are compared with.
/// </summary>
internal sealed class VfsDriver : IGraphDriver
{
    private readonly VfsLayout _layout;
    private readonly RootLayers _rootLayers;

    public VfsDriver(string root)
    {
        _layout = new VfsLayout(root);
        _layout.Make();
        _rootLayers = new RootLayers(_layout.RootLayers);
    }

    public string Name => "vfs";

    public bool LayersAreIndependent => false;

    public ILayerDraft CreateLayer(string id, IReadOnlyList<string> below)
    {
        Require(below);
        return new VfsLayerDraft(_layout, LayerId.Checked(id), _layout.Top(below));
    }

    public bool HasLayer(string id) => Directory.Exists(_layout.Layer(id));

    public IReadOnlyList<string> ListLayers() => DriverFolder.Names(_layout.Layers);

    public void RemoveLayer(string id)
    {
        _rootLayers.RequireUnused(id);
        DriverFolder.Discard(_layout.Layer(id), _layout.Trash);
    }

    public TreeUsage LayerUsage(string id) => FileTree.Usage(_layout.Layer(id));

    public ILayerView View(IReadOnlyList<string> layers) => new OverlayView([_layout.Top(layers)]);

    public RootfsMount PrepareRootfs(string key, IReadOnlyList<string> layers)
    {
        Require(layers);
        _rootLayers.Set(key, layers);
        if (!Directory.Exists(_layout.RootfsOf(key))) MakeRootfs(key, layers);
        return new RootfsMount("bind", _layout.Tree(key), ["bind"]);
    }

    public IReadOnlyList<string> ListRootfs() => DriverFolder.Names(_layout.Rootfs);

    public void RemoveRootfs(string key)
    {
        DriverFolder.Discard(_layout.RootfsOf(key), _layout.Trash);
        _rootLayers.Forget(key);
    }

    public TreeUsage RootfsUsage(string key) => FileTree.Usage(Existing(key));

    public IReadOnlyList<TreeChange> RootfsChanges(string key, IReadOnlyList<string> layers, CancellationToken cancellationToken)
    {
        var (before, after) = (DriverFolder.Open(_layout.Top(layers)), DriverFolder.Open(Existing(key)));
        try
        {
            var made = ChangeTime.Of(_layout.MadeMark(key));
            return TreeComparison.Find(before, after, (_, now) => made.IsAfter(now), cancellationToken);
        }
        finally
        {
            FileCalls.Close(before);
            FileCalls.Close(after);
        }
    }

    public void WriteChanges(string key, IReadOnlyList<string> layers, ArchiveRules rules, Stream archive, CancellationToken cancellationToken)
    {
        var changes = RootfsChanges(key, layers, cancellationToken);
        using var root = new LayerRoot(_layout.Tree(key), null);
        new ChangeArchive(root.Descriptor, archive, rules.LatestTime).Write(MountPointChanges.Without(changes, rules, root.Descriptor, View(layers)), cancellationToken);
    }

    public void WriteTree(string key, IReadOnlyList<string> layers, Stream archive, CancellationToken cancellationToken) =>
        OverlayTree.Write([Existing(key)], archive, cancellationToken); // a single directory is a stack of one

    public IReadOnlyList<(string Name, string Value)> Figures() => [("Backing Filesystem", new DriveInfo(_layout.Root).DriveFormat)];

    public void Sync(IReadOnlyCollection<string> layers)
    {
        TreeFlush.Flush([.. layers.Select(_layout.Layer)]);
        DirectoryFlush.Flush(_layout.Layers);
    }

    public void Recover()
    {
        DriverFolder.Clear(_layout.Drafts, _layout.Trash);
        _rootLayers.Recover(ListRootfs());
    }

    private void MakeRootfs(string key, IReadOnlyList<string> layers)
    {
        var draft = _layout.Draft(key);
        try
        {
            Directory.CreateDirectory(Path.Combine(draft, "root"));
            var (source, target) = (DriverFolder.Open(_layout.Top(layers)), DriverFolder.Open(Path.Combine(draft, "root")));
            try
            {
                TreeCopy.Run(source, target, CancellationToken.None);
            }
            finally
            {
                FileCalls.Close(source);
                FileCalls.Close(target);
            }

            File.WriteAllText(Path.Combine(draft, "made"), "");
            Directory.Move(draft, _layout.RootfsOf(key));
        }
        catch
        {
            FileTree.Remove(draft);
            throw;
        }
    }

    private string Existing(string key) =>
        Directory.Exists(_layout.Tree(key)) ? _layout.Tree(key) : throw new SuiteException(ErrorKind.NotFound, $"There is no root file system '{key}'.");

    private void Require(IReadOnlyList<string> layers)
    {
        if (layers.FirstOrDefault(id => !HasLayer(id)) is { } missing)
            throw new SuiteException(ErrorKind.Corrupt, $"The layer {missing} is missing: remove the image and pull it again.");
    }
}
