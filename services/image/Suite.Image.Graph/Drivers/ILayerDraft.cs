namespace Suite.Image.Graph.Drivers;

/// <summary>A layer being made. Disposing it without a commit leaves nothing.</summary>
internal interface ILayerDraft : IDisposable
{
    /// <summary>Unpacks an uncompressed archive; reads the stream to its end. Blocks: to be run on a thread of its own.</summary>
    void Apply(Stream archive, CancellationToken cancellationToken);

    /// <summary>Makes the layer appear under its id.</summary>
    void Commit();
}
