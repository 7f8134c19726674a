using Suite.Oci.References;

namespace Suite.Image.Blobs;

/// <summary>A blob being written. Disposing it without a commit leaves nothing, unless it was told to stay for another attempt.</summary>
internal sealed class BlobDraft : IDisposable
{
    private readonly BlobStore _store;
    private readonly string _path;
    private readonly Action _released;
    private readonly FileStream _file;
    private bool _stays;

    /// <param name="released">Called when the file at the path is this draft's no longer.</param>
    public BlobDraft(BlobStore store, string path, FileMode mode, Action released)
    {
        (_store, _path, _released) = (store, path, released);
        // No buffer of its own: writers bring large pieces.
        _file = new FileStream(path, mode, FileAccess.ReadWrite, FileShare.None, bufferSize: 0);
        Begun = _file.Length;
    }

    /// <summary>Bytes that an attempt before this one has left. The content's position is before them.</summary>
    public long Begun { get; }

    public Stream Content => _file;

    /// <summary>The content under its digest, which the writer has verified or computed.</summary>
    public void Commit(Digest digest)
    {
        _file.Dispose();
        File.Move(_path, _store.PathOf(digest), overwrite: true);
        _stays = true;
    }

    /// <summary>To be called when what came is good as far as anybody knows, and the rest did not come.</summary>
    public void Stay() => _stays = true;

    public void Dispose()
    {
        if (!_file.SafeFileHandle.IsClosed) _file.Dispose();
        if (!_stays) File.Delete(_path);
        _released();
    }
}
