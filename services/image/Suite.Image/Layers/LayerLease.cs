using Suite.Image.Records;
using Suite.Linux.Files;
using Suite.Oci.Images;
using Suite.Oci.References;

namespace Suite.Image.Layers;

/// <summary>A layer that stays while this is held.</summary>
/// <param name="DiffId">The digest of its archive.</param>
/// <param name="Id">The driver's name for it.</param>
/// <param name="Existed">Whether it was here before.</param>
internal sealed record LayerLease(LayerStore Store, Digest Key, Digest DiffId, string Id, bool Existed) : IDisposable
{
    private int _disposed;

    /// <summary>Measured when the layer is written to the disk.</summary>
    public TreeUsage Usage { get; set; }

    public LayerRecord ToRecord(Descriptor blob) => new(Key, DiffId, Id, blob, Usage);

    public void Dispose()
    {
        if (Interlocked.Exchange(ref _disposed, 1) == 0) Store.Release(Key);
    }
}
