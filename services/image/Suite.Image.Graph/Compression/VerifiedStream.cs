using Suite.Linux.Errors;
using Suite.Oci.References;

namespace Suite.Image.Graph.Compression;

/// <summary>Hashes what is read through it, and stops a stream that expands without end.</summary>
internal sealed class VerifiedStream(Stream source, DigestAlgorithm algorithm, long limit) : ReadOnlyStream
{
    private readonly DigestHasher _hasher = new(algorithm);

    public long BytesRead { get; private set; }

    public override int Read(Span<byte> buffer)
    {
        var read = source.Read(buffer);
        _hasher.Append(buffer[..read]);
        BytesRead += read;
        return BytesRead <= limit
            ? read
            : throw new SuiteException(
                ErrorKind.ResourceExhausted, $"The layer unpacks to more than {limit} bytes, which is the limit (maxLayerBytes in image.json).");
    }

    /// <summary>The digest of all that was read.</summary>
    public Digest Finish() => _hasher.Finish();

    protected override void Dispose(bool disposing)
    {
        if (disposing) _hasher.Dispose();
        base.Dispose(disposing);
    }
}
