using Suite.Oci.References;

namespace Suite.Image.Blobs;

/// <summary>Blobs in use by a pull, a build or a push.</summary>
internal sealed class BlobHold(BlobStore store, IReadOnlyCollection<Digest> digests) : IDisposable
{
    private int _disposed;

    public void Dispose()
    {
        if (Interlocked.Exchange(ref _disposed, 1) == 0) store.Release(digests);
    }
}
