using System.IO.Compression;
using Suite.Linux.Errors;
using Suite.Linux.Native;
using ZstdSharp;

namespace Suite.Image.Graph.Compression;

/// <summary>
/// Opens a layer whatever it is compressed with. The first bytes decide and not the media type: registries hold plain tars that are
/// declared gzip, and the reverse (image-spec layer.md lists tar, gzip and zstd).
/// </summary>
internal static class Decompression
{
    /// <returns>The uncompressed bytes. Damage shows as <see cref="InvalidDataException"/> or <see cref="ZstdException"/> while reading.</returns>
    public static Stream Open(Stream compressed)
    {
        var head = new byte[6];
        var length = compressed.ReadAtLeast(head, head.Length, throwOnEndOfStream: false);
        var whole = new PrefixedStream(head.AsMemory(0, length), compressed);
        ReadOnlySpan<byte> magic = head.AsSpan(0, length);
        if (magic.StartsWith(GzipMagic)) return Gzip(whole);
        if (IsZstd(magic)) return new DecompressionStream(whole, bufferSize: 128 * 1024);
        if (magic.StartsWith("BZh"u8)) throw NotSupported("bzip2");
        if (length == 6 && magic[0] == 0xfd && magic[1..].SequenceEqual("7zXZ\0"u8)) throw NotSupported("xz");
        return whole;
    }

    /// <summary>Whether it begins like nothing that is compressed; what it is instead, its reader says.</summary>
    public static bool IsPlain(ReadOnlySpan<byte> magic) =>
        !magic.StartsWith(GzipMagic) && !IsZstd(magic) && !magic.StartsWith("BZh"u8) && !(magic.Length == 6 && magic[0] == 0xfd && magic[1..].SequenceEqual("7zXZ\0"u8));

    /// <summary>Both read all members.</summary>
    internal static Stream Gzip(Stream whole) => Igzip.IsAvailable ? new IgzipStream(whole) : new GZipStream(whole, CompressionMode.Decompress);

    internal static ReadOnlySpan<byte> GzipMagic => [0x1f, 0x8b];

    /// <summary>A frame, or a skippable frame before one, as zstd:chunked layers have (RFC 8878, 3.1.1 and 3.1.2).</summary>
    private static bool IsZstd(ReadOnlySpan<byte> magic) =>
        magic.Length >= 4
        && ((magic[0] == 0x28 && magic[1] == 0xb5 && magic[2] == 0x2f && magic[3] == 0xfd)
            || ((magic[0] & 0xf0) == 0x50 && magic[1] == 0x2a && magic[2] == 0x4d && magic[3] == 0x18));

    private static SuiteException NotSupported(string format) =>
        new(ErrorKind.Unsupported, $"The layer is compressed with {format}; images have plain, gzip or zstd layers.");
}
