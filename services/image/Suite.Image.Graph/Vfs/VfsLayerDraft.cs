using Suite.Image.Graph.Drivers;
using Suite.Image.Graph.Layers;
using Suite.Image.Graph.Tar;
using Suite.Linux.Errors;
using Suite.Linux.Files;
using Suite.Linux.Native;

namespace Suite.Image.Graph.Vfs;

/// <summary>A copy of the layers below under a temporary name, to which the archive is applied.</summary>
internal sealed class VfsLayerDraft(VfsLayout layout, string id, string below) : ILayerDraft
{
    private readonly string _draft = layout.Draft(id);
    private bool _committed;

    public void Apply(Stream archive, TarLimits limits, CancellationToken cancellationToken)
    {
        Directory.CreateDirectory(_draft);
        File.SetUnixFileMode(_draft, (UnixFileMode)0x1ED); // a layer may say nothing about its root
        var lower = new CopiedLower();
        using var root = new LayerRoot(_draft, null);
        var source = DriverFolder.Open(below);
        try
        {
            TreeCopy.Run(source, root.Descriptor, cancellationToken);
        }
        finally
        {
            FileCalls.Close(source);
        }

        using var own = new LayerRoot(_draft, lower);
        new LayerApplier(own, lower).Apply(new TarReader(archive, limits), cancellationToken);
    }

    public void Commit()
    {
        if (Directory.Exists(layout.Layer(id))) throw new SuiteException(ErrorKind.AlreadyExists, $"The layer {id} exists already.");
        Directory.Move(_draft, layout.Layer(id));
        _committed = true;
    }

    public void Dispose()
    {
        if (!_committed) FileTree.Remove(_draft);
    }
}
