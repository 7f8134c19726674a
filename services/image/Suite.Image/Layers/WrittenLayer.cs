using Suite.Oci.Images;

namespace Suite.Image.Layers;

/// <summary>A layer that was made here: unpacked and held, and kept compressed.</summary>
internal sealed record WrittenLayer(LayerLease Lease, Descriptor Blob, IDisposable Hold) : IDisposable
{
    public void Dispose()
    {
        Lease.Dispose();
        Hold.Dispose();
    }
}
