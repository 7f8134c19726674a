using Suite.Image.Layers;
using Suite.Image.Records;

namespace Suite.Image.Builds;

/// <summary>Makes a layer of planned entries.</summary>
internal sealed class LayerBuild(LayerWriter writer)
{
    public Task<WrittenLayer> RunAsync(
        IReadOnlyList<LayerRecord> below, IReadOnlyList<CopyEntry> entries, CopyAttributes attributes, CancellationToken cancellationToken) =>
        writer.WriteAsync(below, archive => LayerArchive.Write(archive, entries, attributes, cancellationToken), cancellationToken);
}
