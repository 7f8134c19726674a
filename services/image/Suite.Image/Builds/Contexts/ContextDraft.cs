using Suite.Linux.Errors;
using Suite.Oci.References;

namespace Suite.Image.Builds.Contexts;

/// <summary>A file of a context while it comes. Disposing it before it is kept leaves nothing.</summary>
internal sealed class ContextDraft(ContextStore store, string path) : IDisposable
{
    private readonly FileStream _file = new(path, FileMode.CreateNew, FileAccess.Write, FileShare.None, bufferSize: 0);
    private readonly DigestHasher _hasher = new();

    public long Length { get; private set; }

    public void Write(ReadOnlySpan<byte> piece)
    {
        _hasher.Append(piece);
        try
        {
            _file.Write(piece);
        }
        catch (IOException e) when (e.HResult is ErrnoNames.ENOSPC or ErrnoNames.EDQUOT)
        {
            throw new SuiteException(ErrorKind.ResourceExhausted, $"The context of the build does not fit: no space left on the device of {path} (ENOSPC).", e);
        }

        Length += piece.Length;
    }

    public Digest Finish()
    {
        _file.Dispose();
        return _hasher.Finish();
    }

    public void Keep(Digest digest) => store.Keep(path, digest);

    public void Dispose()
    {
        _file.Dispose();
        _hasher.Dispose();
        File.Delete(path);
    }
}
