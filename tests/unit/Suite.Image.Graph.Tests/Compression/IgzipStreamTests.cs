using System.IO.Compression;
using Suite.Image.Graph.Compression;
using Suite.Linux.Native;

namespace Suite.Image.Graph.Tests.Compression;

/// <summary>ISA-L against .NET's own inflater. libisal2 is among the packages that the tests need.</summary>
public sealed class IgzipStreamTests
{
    [Fact]
    public void The_library_is_here() => Assert.True(Igzip.IsAvailable, "libisal.so.2 is missing: make deps installs libisal2");

    [Theory]
    [InlineData(1, CompressionLevel.Fastest)]
    [InlineData(2, CompressionLevel.Optimal)]
    [InlineData(3, CompressionLevel.SmallestSize)]
    [InlineData(4, CompressionLevel.NoCompression)]
    public void Members_of_any_size_in_pieces_of_any_size_are_what_they_were(int seed, CompressionLevel level)
    {
        var random = new Random(seed);
        for (var round = 0; round < 40; round++)
        {
            var plain = new MemoryStream();
            var file = new MemoryStream();
            for (var member = random.Next(1, 5); member > 0; member--)
            {
                var content = Content(random, random.Next(round % 4 == 0 ? 20 : 200_000));
                plain.Write(content);
                using var gzip = new GZipStream(file, level, leaveOpen: true);
                gzip.Write(content);
            }

            if (round % 3 == 0) file.Write(new byte[random.Next(1, 600)]); // as tar pads
            Assert.Equal(plain.ToArray(), Read(new Pieces(file.ToArray(), random, round % 2 == 0 ? 9 : 70_000), random));
        }
    }

    [Fact]
    public void A_damaged_stream_is_an_error_or_what_it_was_and_never_a_crash()
    {
        var random = new Random(5);
        var content = Content(random, 50_000);
        var file = new MemoryStream();
        using (var gzip = new GZipStream(file, CompressionLevel.Optimal, leaveOpen: true)) gzip.Write(content);
        for (var round = 0; round < 3000; round++)
        {
            var damaged = file.ToArray();
            for (var flips = random.Next(1, 4); flips > 0; flips--) damaged[random.Next(damaged.Length)] ^= (byte)(1 << random.Next(8));
            try
            {
                // Bits of the header that mean nothing may be another.
                Assert.Equal(content, Read(new MemoryStream(damaged), random));
            }
            catch (InvalidDataException)
            {
            }
        }
    }

    [Fact]
    public void A_stream_cut_anywhere_is_told()
    {
        var random = new Random(6);
        var file = new MemoryStream();
        using (var gzip = new GZipStream(file, CompressionLevel.Optimal, leaveOpen: true)) gzip.Write(Content(random, 3000));
        for (var length = 3; length < file.Length; length++)
            Assert.Throws<InvalidDataException>(() => Read(new MemoryStream(file.ToArray(), 0, length), random));
    }

    private static byte[] Content(Random random, int length)
    {
        var content = new byte[length];
        random.NextBytes(content.AsSpan(0, length / 3));
        for (var i = length / 3; i < length; i++) content[i] = (byte)"the same again and "[i % 19];
        return content;
    }

    private static byte[] Read(Stream compressed, Random random)
    {
        using var stream = new IgzipStream(compressed);
        var plain = new MemoryStream();
        var buffer = new byte[random.Next(1, 100_000)];
        int read;
        while ((read = stream.Read(buffer.AsSpan(0, random.Next(1, buffer.Length + 1)))) > 0) plain.Write(buffer, 0, read);
        return plain.ToArray();
    }

    /// <summary>A source that gives little at a time, as a network does.</summary>
    private sealed class Pieces(byte[] content, Random random, int most) : ReadOnlyStream
    {
        private int _at;

        public override int Read(Span<byte> buffer)
        {
            var count = Math.Min(Math.Min(buffer.Length, random.Next(1, most)), content.Length - _at);
            content.AsSpan(_at, count).CopyTo(buffer);
            _at += count;
            return count;
        }
    }
}
