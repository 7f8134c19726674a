using Suite.Oci.References;

namespace Suite.Image.Graph.Compression;

/// <summary>Hashes and counts what is written through it.</summary>
internal sealed class HashedStream(Stream target) : Stream
{
    private readonly DigestHasher _hasher = new();

    public long BytesWritten { get; private set; }

    public override bool CanRead => false;

    public override bool CanSeek => false;

    public override bool CanWrite => true;

    public override long Length => BytesWritten;

    public override long Position
    {
        get => BytesWritten;
        set => throw new NotSupportedException();
    }

    /// <summary>The digest of all that was written.</summary>
    public Digest Finish() => _hasher.Finish();

    public override void Write(ReadOnlySpan<byte> buffer)
    {
        _hasher.Append(buffer);
        target.Write(buffer);
        BytesWritten += buffer.Length;
    }

    public override void Write(byte[] buffer, int offset, int count) => Write(buffer.AsSpan(offset, count));

    public override void Flush() => target.Flush();

    public override int Read(byte[] buffer, int offset, int count) => throw new NotSupportedException();

    public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

    public override void SetLength(long value) => throw new NotSupportedException();

    protected override void Dispose(bool disposing)
    {
        if (disposing) _hasher.Dispose();
        base.Dispose(disposing);
    }
}
