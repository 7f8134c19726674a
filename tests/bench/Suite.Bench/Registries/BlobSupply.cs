using System.Security.Cryptography;

namespace Suite.Bench.Registries;

/// <summary>Blobs that no registry has seen: eight bytes of their own, then the same for all. Digests are computed before the clock runs.</summary>
internal sealed class BlobSupply(int size)
{
    private static long _next = DateTime.UtcNow.Ticks;

    private readonly byte[] _rest = RandomNumberGenerator.GetBytes(size - sizeof(long));

    public byte[] Rest => _rest;

    public IReadOnlyList<(byte[] First, string Digest)> Make(int count) =>
    [
        .. Enumerable.Range(0, count).Select(_ =>
        {
            var first = BitConverter.GetBytes(Interlocked.Increment(ref _next));
            using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
            hash.AppendData(first);
            hash.AppendData(_rest);
            return (first, "sha256:" + Convert.ToHexStringLower(hash.GetHashAndReset()));
        }),
    ];
}
