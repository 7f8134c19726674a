using System.Diagnostics.CodeAnalysis;
using System.Security.Cryptography;
using Suite.Oci.References;

namespace Suite.Registry.Blobs;

/// <summary>
/// The name of an upload. All that a restarted registry must know of it is in the repository and in this id: the hash to compute is its
/// ending, so that starting an upload needs no record on disk.
/// </summary>
internal readonly record struct UploadKey(string Repository, string Id)
{
    private const string Sha512Ending = "-sha512";
    private const int RandomBytes = 16;

    public DigestAlgorithm Algorithm => Id.EndsWith(Sha512Ending, StringComparison.Ordinal) ? DigestAlgorithm.Sha512 : DigestAlgorithm.Sha256;

    public static UploadKey New(string repository, DigestAlgorithm algorithm) =>
        new(repository, RandomNumberGenerator.GetHexString(RandomBytes * 2, lowercase: true) + (algorithm == DigestAlgorithm.Sha512 ? Sha512Ending : ""));

    /// <summary>Takes an id out of a URL: anything but what <see cref="New"/> makes is no upload, and never reaches a path.</summary>
    public static bool TryParse(string repository, string id, [NotNullWhen(true)] out UploadKey? key)
    {
        var random = id.EndsWith(Sha512Ending, StringComparison.Ordinal) ? id[..^Sha512Ending.Length] : id;
        key = random.Length == RandomBytes * 2 && random.All(char.IsAsciiHexDigitLower) ? new UploadKey(repository, id) : null;
        return key is not null;
    }
}
