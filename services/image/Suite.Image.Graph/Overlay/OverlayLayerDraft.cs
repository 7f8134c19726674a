using Suite.Image.Graph.Drivers;
using Suite.Image.Graph.Layers;
using Suite.Image.Graph.Tar;
using Suite.Linux.Errors;
using Suite.Linux.Files;

namespace Suite.Image.Graph.Overlay;

/// <summary>A directory under a temporary name, renamed when it is complete.</summary>
internal sealed class OverlayLayerDraft : ILayerDraft
{
    private readonly OverlayLower _lower = new();
    private readonly OverlayLayout _layout;
    private readonly string _id;
    private readonly string _draft;
    private bool _committed;

    public OverlayLayerDraft(OverlayLayout layout, string id)
    {
        (_layout, _id) = (layout, id);
        _draft = Path.Combine(layout.Drafts, $"{id}-{Guid.NewGuid():N}");
        Directory.CreateDirectory(_draft);
        File.SetUnixFileMode(_draft, (UnixFileMode)0x1ED); // a layer may say nothing about its root
    }

    public void Apply(Stream archive, TarLimits limits, CancellationToken cancellationToken)
    {
        using var root = new LayerRoot(_draft, _lower);
        new LayerApplier(root, _lower).Apply(new TarReader(archive, limits), cancellationToken);
    }

    public void Commit()
    {
        if (Directory.Exists(_layout.Layer(_id))) throw new SuiteException(ErrorKind.AlreadyExists, $"The layer {_id} exists already.");
        // First, as a layer without its list would be taken for one that tells all of its directories.
        ImpliedDirectories.Write(_layout.Implied(_id), _lower.ImpliedDirectories);
        Directory.Move(_draft, _layout.Layer(_id));
        _committed = true;
    }

    public void Dispose()
    {
        if (!_committed) FileTree.Remove(_draft);
    }
}
