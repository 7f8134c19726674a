using Suite.Oci.References;

namespace Suite.Image.Layers;

/// <summary>A layer that stays while this is held.</summary>
/// <param name="Id">The driver's name for it.</param>
/// <param name="Existed">Whether it was here before.</param>
internal sealed record LayerLease(LayerStore Store, Digest DiffId, string Id, bool Existed) : IDisposable
{
    private int _disposed;

    public void Dispose()
    {
        if (Interlocked.Exchange(ref _disposed, 1) == 0) Store.Release(DiffId);
    }
}
