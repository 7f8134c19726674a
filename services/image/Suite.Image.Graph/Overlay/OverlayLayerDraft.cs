using Suite.Image.Graph.Drivers;
using Suite.Image.Graph.Layers;
using Suite.Image.Graph.Tar;
using Suite.Linux.Errors;
using Suite.Linux.Files;

namespace Suite.Image.Graph.Overlay;

/// <summary>A directory under a temporary name, renamed when it is complete.</summary>
internal sealed class OverlayLayerDraft : ILayerDraft
{
    private readonly string _draft;
    private readonly string _final;
    private bool _committed;

    public OverlayLayerDraft(OverlayLayout layout, string id)
    {
        _final = layout.Layer(id);
        _draft = Path.Combine(layout.Drafts, $"{id}-{Guid.NewGuid():N}");
        Directory.CreateDirectory(_draft);
        File.SetUnixFileMode(_draft, (UnixFileMode)0x1ED); // a layer may say nothing about its root
    }

    public void Apply(Stream archive, CancellationToken cancellationToken)
    {
        var whiteouts = new OverlayWhiteouts();
        using var root = new LayerRoot(_draft, whiteouts);
        new LayerApplier(root, whiteouts).Apply(new TarReader(archive), cancellationToken);
    }

    public void Commit()
    {
        if (Directory.Exists(_final)) throw new SuiteException(ErrorKind.AlreadyExists, $"The layer {Path.GetFileName(_final)} exists already.");
        Directory.Move(_draft, _final);
        _committed = true;
    }

    public void Dispose()
    {
        if (!_committed) FileTree.Remove(_draft);
    }
}
