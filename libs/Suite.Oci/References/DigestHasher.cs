using System.Security.Cryptography;

namespace Suite.Oci.References;

/// <summary>Computes a digest of content that passes by in pieces.</summary>
public sealed class DigestHasher : IDisposable
{
    private readonly IncrementalHash _hash;

    public DigestHasher(DigestAlgorithm algorithm = DigestAlgorithm.Sha256)
    {
        Algorithm = algorithm;
        _hash = IncrementalHash.CreateHash(algorithm == DigestAlgorithm.Sha512 ? HashAlgorithmName.SHA512 : HashAlgorithmName.SHA256);
    }

    public DigestAlgorithm Algorithm { get; }

    public void Append(ReadOnlySpan<byte> content) => _hash.AppendData(content);

    /// <summary>The digest of what was appended; the hasher starts anew.</summary>
    public Digest Finish()
    {
        Span<byte> hash = stackalloc byte[64];
        var length = _hash.GetHashAndReset(hash);
        return Digest.FromHash(Algorithm, hash[..length]);
    }

    public void Dispose() => _hash.Dispose();
}
