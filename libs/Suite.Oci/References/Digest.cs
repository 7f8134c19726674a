using System.Diagnostics.CodeAnalysis;
using System.Text.Json.Serialization;
using Suite.Linux.Errors;
using Suite.Oci.Serialization;

namespace Suite.Oci.References;

/// <summary>
/// The name of content by its hash: <c>sha256:</c> and 64 lower-case hexadecimal digits, or <c>sha512:</c> and 128.
/// A value: two digests are equal when algorithm and digits are. Safe in paths and URLs, as nothing else parses.
/// </summary>
[JsonConverter(typeof(DigestJsonConverter))]
public sealed record Digest
{
    private Digest(DigestAlgorithm algorithm, string hex)
    {
        Algorithm = algorithm;
        Hex = hex;
    }

    public DigestAlgorithm Algorithm { get; }

    /// <summary>The digits alone, without the algorithm.</summary>
    public string Hex { get; }

    /// <summary>The first 12 digits, as people see ids.</summary>
    public string Short => Hex[..12];

    /// <summary>The algorithm as it is written before the colon, and as folders of an image layout are named.</summary>
    public string AlgorithmName => NameOf(Algorithm);

    /// <exception cref="SuiteException"><see cref="ErrorKind.InvalidArgument"/>: not a digest that Suite computes.</exception>
    public static Digest Parse(ReadOnlySpan<char> text)
    {
        if (TryParse(text, out var digest)) return digest;
        var shown = text.Length > 80 ? string.Concat(text[..80], "…") : text.ToString();
        throw new SuiteException(
            ErrorKind.InvalidArgument, $"'{shown}' is not a digest: write sha256: and 64, or sha512: and 128, lower-case hexadecimal digits.");
    }

    public static bool TryParse(ReadOnlySpan<char> text, [NotNullWhen(true)] out Digest? digest)
    {
        digest = null;
        DigestAlgorithm algorithm;
        if (text.StartsWith("sha256:")) algorithm = DigestAlgorithm.Sha256;
        else if (text.StartsWith("sha512:")) algorithm = DigestAlgorithm.Sha512;
        else return false;

        var hex = text["sha256:".Length..];
        // Upper case is refused: two spellings of one content would be two names.
        if (hex.Length != HexLength(algorithm) || hex.ContainsAnyExcept(LowerHex)) return false;
        digest = new Digest(algorithm, hex.ToString());
        return true;
    }

    public static Digest FromHash(DigestAlgorithm algorithm, ReadOnlySpan<byte> hash) =>
        hash.Length * 2 == HexLength(algorithm)
            ? new Digest(algorithm, Convert.ToHexStringLower(hash))
            : throw new SuiteException(ErrorKind.Internal, $"A {NameOf(algorithm)} hash of {hash.Length} bytes was given.");

    public static Digest Compute(ReadOnlySpan<byte> content, DigestAlgorithm algorithm = DigestAlgorithm.Sha256)
    {
        using var hasher = new DigestHasher(algorithm);
        hasher.Append(content);
        return hasher.Finish();
    }

    public override string ToString() => $"{AlgorithmName}:{Hex}";

    private const int Sha256Hex = 64;
    private const int Sha512Hex = 128;

    private static readonly System.Buffers.SearchValues<char> LowerHex = System.Buffers.SearchValues.Create("0123456789abcdef");

    private static int HexLength(DigestAlgorithm algorithm) => algorithm == DigestAlgorithm.Sha512 ? Sha512Hex : Sha256Hex;

    private static string NameOf(DigestAlgorithm algorithm) => algorithm == DigestAlgorithm.Sha512 ? "sha512" : "sha256";
}
