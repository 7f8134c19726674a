using System.IO.Compression;
using Suite.Image.Graph.Compression;
using Suite.Linux.Errors;
using Suite.Oci.References;

namespace Suite.Image.Graph.Tests.Compression;

public sealed class DecompressionTests
{
    private static readonly byte[] Text = [.. Enumerable.Range(0, 300_000).Select(i => (byte)(i * i >> 7))];

    [Fact]
    public void Gzip_of_several_members_is_read_to_its_end() =>
        Assert.Equal([.. Text, .. Text], Inflate([.. Gzip(Text), .. Gzip(Text)]));

    [Fact]
    public void Zstd_of_several_frames_with_a_skippable_one_is_read_to_its_end()
    {
        byte[] skippable = [0x5a, 0x2a, 0x4d, 0x18, 4, 0, 0, 0, 1, 2, 3, 4];
        Assert.Equal([.. Text, .. Text], Inflate([.. Zstd(Text), .. skippable, .. Zstd(Text)]));
        Assert.Equal(Text, Inflate([.. skippable, .. Zstd(Text)]));
    }

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(5)]
    [InlineData(300_000)]
    public void Plain_bytes_stay_what_they_are(int length) => Assert.Equal(Text[..length], Inflate(Text[..length]));

    [Fact]
    public void Other_formats_are_refused_by_name()
    {
        var error = Assert.Throws<SuiteException>(() => Inflate([0xfd, (byte)'7', (byte)'z', (byte)'X', (byte)'Z', 0, 0]));
        Assert.Equal(ErrorKind.Unsupported, error.Kind);
        Assert.Contains("xz", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_stream_that_grows_past_its_limit_is_stopped()
    {
        using var verified = new VerifiedStream(Decompression.Open(new MemoryStream(Gzip(new byte[10_000_000]))), DigestAlgorithm.Sha256, 1_000_000);
        var error = Assert.Throws<SuiteException>(() => verified.CopyTo(Stream.Null));
        Assert.Equal(ErrorKind.ResourceExhausted, error.Kind);
    }

    private static byte[] Inflate(byte[] compressed)
    {
        var plain = new MemoryStream();
        Decompression.Open(new MemoryStream(compressed)).CopyTo(plain);
        return plain.ToArray();
    }

    private static byte[] Gzip(byte[] plain)
    {
        var compressed = new MemoryStream();
        using (var gzip = new GZipStream(compressed, CompressionLevel.Fastest)) gzip.Write(plain);
        return compressed.ToArray();
    }

    private static byte[] Zstd(byte[] plain)
    {
        using var compressor = new ZstdSharp.Compressor();
        return compressor.Wrap(plain).ToArray();
    }
}
