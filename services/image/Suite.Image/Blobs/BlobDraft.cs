using Suite.Oci.References;

namespace Suite.Image.Blobs;

/// <summary>A blob being written. Disposing it without a commit leaves nothing.</summary>
internal sealed class BlobDraft(BlobStore store, string path) : IDisposable
{
    // No buffer of its own: writers bring large pieces.
    private readonly FileStream _file = new(path, FileMode.CreateNew, FileAccess.ReadWrite, FileShare.None, bufferSize: 0);
    private bool _committed;

    public Stream Content => _file;

    /// <summary>The content under its digest, which the writer has verified or computed.</summary>
    public void Commit(Digest digest)
    {
        _file.Dispose();
        File.Move(path, store.PathOf(digest), overwrite: true);
        _committed = true;
    }

    public void Dispose()
    {
        _file.Dispose();
        if (!_committed) File.Delete(path);
    }
}
