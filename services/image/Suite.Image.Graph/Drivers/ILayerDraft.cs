using Suite.Image.Graph.Tar;

namespace Suite.Image.Graph.Drivers;

/// <summary>A layer being made. Disposing it without a commit leaves nothing.</summary>
internal interface ILayerDraft : IDisposable
{
    /// <summary>Unpacks an uncompressed archive; reads the stream to its end. Blocks: to be run on a thread of its own.</summary>
    /// <param name="limits">What the archive may ask for besides the bytes that it has.</param>
    void Apply(Stream archive, TarLimits limits, CancellationToken cancellationToken);

    /// <summary>The same with the limits that most archives stay far below.</summary>
    void Apply(Stream archive, CancellationToken cancellationToken) => Apply(archive, TarLimits.Default, cancellationToken);

    /// <summary>Makes the layer appear under its id.</summary>
    void Commit();
}
