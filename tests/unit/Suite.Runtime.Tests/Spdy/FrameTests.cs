using System.IO.Compression;
using System.Text;
using Suite.Runtime.Spdy;

namespace Suite.Runtime.Tests.Spdy;

/// <summary>SPDY/3.1's layouts, byte by byte.</summary>
public sealed class FrameTests
{
    [Fact]
    public void The_dictionary_is_the_specifications()
    {
        Assert.Equal(1423, HeaderDictionary.Bytes.Length);
        uint a = 1, b = 0;
        foreach (var value in HeaderDictionary.Bytes)
            (a, b) = ((a + value) % 65521, (b + a + value) % 65521);
        Assert.Equal(0xE3C6A7C2, (b << 16) | a);
    }

    [Theory]
    [InlineData("8003 0001 01 00000c", 1, 0u, 1, 12)]
    [InlineData("8003 0006 00 000004", 6, 0u, 0, 4)]
    [InlineData("8003 0007 00 000008", 7, 0u, 0, 8)]
    [InlineData("00000003 01 ffffff", 0, 3u, 1, 0xFFFFFF)]
    public void The_first_eight_bytes(string hex, int kind, uint stream, byte flags, int length)
    {
        var bytes = Bytes(hex);
        var header = new FrameHeader((FrameKind)kind, stream, flags, length);
        Assert.Equal(header, FrameHeader.Read(bytes));
        var written = new byte[FrameHeader.Size];
        header.Write(written);
        Assert.Equal(bytes, written);
    }

    [Fact]
    public void Another_version_is_refused() =>
        Assert.Throws<SpdyException>(() => FrameHeader.Read(Bytes("8002 0001 00 000000")));

    // Packed by zlib 1.3 with the dictionary, Z_SYNC_FLUSH after each: {"streamtype": "error"} and {"streamtype": "stdin", "port": "80"}.
    [Fact]
    public void Headers_of_another_compressor_are_read_one_block_after_the_other()
    {
        var decoder = new HeaderDecoder();
        var first = Bytes(Packed.First);
        Assert.Equal("error", decoder.Read(first, 0, first.Length)["streamtype"]);
        var second = Bytes(Packed.Second);
        var read = decoder.Read(second, 0, second.Length);
        Assert.Equal(("stdin", "80"), (read["Streamtype"], read["port"]));
    }

    [Fact]
    public void Headers_that_we_write_can_be_read_by_another_decompressor()
    {
        var encoder = new HeaderEncoder();
        var one = encoder.Write(new Dictionary<string, string> { ["StreamType"] = "error", ["port"] = "8080" });
        var two = encoder.Write(new Dictionary<string, string>());
        // RFC 1950: deflate with a window of 32 KiB; a preset dictionary; its checksum.
        Assert.Equal((0x78, 0x20), (one[0], one[1] & 0x20));
        Assert.Equal(Bytes("e3c6a7c2"), one[2..6]);
        // Go's inflater hands out nothing before an empty stored block, and gives up for ever when it finds none.
        Assert.Equal(Bytes("000000ffff"), one[^5..]);
        Assert.Equal(Bytes("000400fbff 00000000 000000ffff"), two);
        // .NET's inflater takes no dictionary: a stored block with it, in front of the rest, is the same window.
        var primed = new MemoryStream();
        var length = (ushort)HeaderDictionary.Bytes.Length;
        primed.Write([0, (byte)length, (byte)(length >> 8), (byte)~length, (byte)(~length >> 8)]);
        primed.Write(HeaderDictionary.Bytes);
        primed.Write(one[6..]);
        primed.Write(two);
        primed.Position = 0;
        var plain = new MemoryStream();
        try
        {
            new DeflateStream(primed, CompressionMode.Decompress).CopyTo(plain);
        }
        catch (InvalidDataException)
        {
            // The stream has no last block; all that was flushed is here.
        }
        Assert.Equal(
            "\0\0\0\u0002\0\0\0\u000astreamtype\0\0\0\u0005error\0\0\0\u0004port\0\0\0\u00048080\0\0\0\0",
            Encoding.ASCII.GetString(plain.ToArray()[HeaderDictionary.Bytes.Length..]));
    }

    [Theory]
    [InlineData("78 bb e3c6a7c2 00 0400 fbff ffffffff")]
    [InlineData("78 bb e3c6a7c2 00 0800 f7ff 00000001 00000009")]
    [InlineData("78 bb e3c6a7c2 00 0c00 f3ff 00000001 00000000 00000000")]
    [InlineData("78 bb 00000000 00 0400 fbff 00000000")]
    [InlineData("ffff ffff")]
    public void Headers_that_are_none_end_the_session(string hex)
    {
        var block = Bytes(hex);
        Assert.Throws<SpdyException>(() => new HeaderDecoder().Read(block, 0, block.Length));
    }

    [Fact]
    public void A_bomb_is_not_unpacked()
    {
        var packer = new ICSharpCode.SharpZipLib.Zip.Compression.Deflater();
        packer.SetDictionary(HeaderDictionary.Bytes);
        packer.SetInput([0, 0, 0, 1, 0, 0, 0, 1, (byte)'a', 0, 0x10, 0, 0, .. Enumerable.Repeat((byte)'a', 1 << 20)]);
        packer.Flush();
        var bomb = new byte[1 << 20];
        bomb = bomb[..packer.Deflate(bomb)];
        Assert.True(bomb.Length < HeaderDecoder.LargestBlock);
        Assert.Throws<SpdyException>(() => new HeaderDecoder().Read(bomb, 0, bomb.Length));
    }

    private static byte[] Bytes(string hex) => Convert.FromHexString(hex.Replace(" ", "", StringComparison.Ordinal));
}
