using System.Text;
using Suite.Image.Graph.Drivers;
using Suite.Linux.Errors;
using Suite.Linux.Files;
using Suite.Linux.Native;
using Suite.Linux.Storage;

namespace Suite.Image.Graph.Overlay;

/// <summary>
/// Layers as directories that overlayfs stacks. A layer is unpacked with nothing under it, so that all layers of an image are
/// unpacked at the same time and each is kept once however many images share it.
/// </summary>
internal sealed class OverlayDriver : IGraphDriver
{
    private readonly OverlayLayout _layout;

    /// <param name="root">The driver's own folder, on a file system that overlayfs takes as an upper one.</param>
    public OverlayDriver(string root)
    {
        _layout = new OverlayLayout(root);
        _layout.Make();
    }

    public string Name => "overlay";

    public bool LayersAreIndependent => true;

    public ILayerDraft CreateLayer(string id, IReadOnlyList<string> below) => new OverlayLayerDraft(_layout, Checked(id));

    public bool HasLayer(string id) => Directory.Exists(_layout.Layer(Checked(id)));

    public IReadOnlyList<string> ListLayers() => NamesIn(_layout.Layers);

    public void RemoveLayer(string id) => Discard(_layout.Layer(Checked(id)));

    public TreeUsage LayerUsage(string id) => FileTree.Usage(_layout.Layer(Checked(id)));

    public ILayerView View(IReadOnlyList<string> layers) => new OverlayView([.. layers.Reverse().Select(id => _layout.Layer(Checked(id)))]);

    public RootfsMount PrepareRootfs(string key, IReadOnlyList<string> layers)
    {
        var lower = layers.Count == 0 ? [_layout.Empty] : layers.Reverse().Select(id => _layout.Layer(Checked(id))).ToArray();
        if (lower.FirstOrDefault(l => !Directory.Exists(l)) is { } missing)
            throw new SuiteException(ErrorKind.Corrupt, $"The layer directory {missing} is missing: remove the image and pull it again.");

        var mount = OverlayMount.Plan(lower, _layout.Upper(Checked(key)), _layout.Work(key));
        Directory.CreateDirectory(_layout.Work(key));
        if (!Directory.Exists(_layout.Upper(key)))
        {
            Directory.CreateDirectory(_layout.Upper(key));
            CopyRootAttributes(lower[0], _layout.Upper(key));
        }

        return mount;
    }

    public IReadOnlyList<string> ListRootfs() => NamesIn(_layout.Rootfs);

    public void RemoveRootfs(string key) => Discard(Path.Combine(_layout.Rootfs, Checked(key)));

    public TreeUsage RootfsUsage(string key) =>
        Directory.Exists(_layout.Upper(Checked(key)))
            ? FileTree.Usage(_layout.Upper(key))
            : throw new SuiteException(ErrorKind.NotFound, $"There is no root file system '{key}'.");

    public void Sync(IReadOnlyCollection<string> layers)
    {
        TreeFlush.Flush([.. layers.Select(id => _layout.Layer(Checked(id)))]);
        DirectoryFlush.Flush(_layout.Layers);
    }

    public void Recover()
    {
        foreach (var directory in (string[])[_layout.Drafts, _layout.Trash])
            foreach (var name in NamesIn(directory))
                FileTree.Remove(Path.Combine(directory, name));
    }

    /// <summary>Moves a tree to the trash, which is one step, and then deletes it, which is many.</summary>
    private void Discard(string path)
    {
        if (!Directory.Exists(path)) return;
        var trash = Path.Combine(_layout.Trash, Guid.NewGuid().ToString("N"));
        Directory.Move(path, trash);
        FileTree.Remove(trash);
    }

    /// <summary>The merged root looks like the upper one: mode and owner have to come from the topmost layer.</summary>
    private static void CopyRootAttributes(string from, string to)
    {
        var result = FileCalls.StatAt(FileCalls.AT_FDCWD, Encoding.UTF8.GetBytes(from), out var status);
        if (result < 0) throw new ErrnoException($"stat {from}", -result);
        var path = Encoding.UTF8.GetBytes(to);
        result = FileCalls.ChownAt(FileCalls.AT_FDCWD, path, status.User, status.Group);
        if (result >= 0) result = FileCalls.ChmodAt(FileCalls.AT_FDCWD, path, status.Mode & 0xFFFu);
        if (result < 0) throw new ErrnoException($"set owner and mode of {to}", -result);
    }

    private static string[] NamesIn(string directory) => [.. Directory.EnumerateDirectories(directory).Select(d => Path.GetFileName(d)!)];

    /// <summary>Ids become path components and words of a mount option: nothing else may be in them.</summary>
    private static string Checked(string id) =>
        id.Length is > 0 and <= 128 && id[0] != '.' && id.All(c => char.IsAsciiLetterOrDigit(c) || c is '-' or '_' or '.')
            ? id
            : throw new SuiteException(ErrorKind.InvalidArgument, $"'{id}' cannot be an id: letters, digits, '-', '_' and '.' are allowed, 128 at most.");
}
