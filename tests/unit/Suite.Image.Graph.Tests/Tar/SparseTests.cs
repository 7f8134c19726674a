using System.Text;
using Suite.Image.Graph.Tar;
using Suite.Linux.Errors;

namespace Suite.Image.Graph.Tests.Tar;

/// <summary>Files with holes, in the formats of GNU tar.</summary>
public sealed class SparseTests
{
    public static TheoryData<string, byte[]> Formats { get; } = new()
    {
        { "gnu", SparseArchives.Gnu }, { "pax 0.0", SparseArchives.Pax00 }, { "pax 0.1", SparseArchives.Pax01 }, { "pax 1.0", SparseArchives.Pax10 },
    };

    [Theory]
    [MemberData(nameof(Formats))]
    public void Holes_are_zeros_to_who_wants_the_content(string format, byte[] archive)
    {
        var read = Archives.Read(archive);
        Assert.True(archive.Length < 300_000, $"{format}: tar has written no sparse file, {archive.Length} bytes");
        Assert.Equal(["sparse", "after"], read.Select(r => Encoding.ASCII.GetString(r.Entry.Name)));
        Assert.Equal(SparseArchives.Content.Length, read[0].Entry.Size);
        Assert.Equal(SparseArchives.Content, read[0].Content);
        Assert.Equal("after"u8.ToArray(), read[1].Content);
    }

    [Theory]
    [MemberData(nameof(Formats))]
    public void Holes_are_told_to_who_makes_holes(string format, byte[] archive)
    {
        var reader = new TarReader(new Trickle(archive));
        Assert.NotNull(reader.Next());
        long holes = 0, data = 0;
        while (true)
        {
            var piece = reader.ReadBody(out var hole);
            holes += hole;
            data += piece.Length;
            if (piece.IsEmpty) break;
        }

        Assert.Equal((SparseArchives.Pieces * 4096L, SparseArchives.Content.Length - (SparseArchives.Pieces * 4096L)), (data, holes));
        Assert.Equal("after", Encoding.ASCII.GetString(reader.Next()!.Name));
        Assert.NotEmpty(format);
    }

    [Fact]
    public void A_file_that_is_one_hole_is_its_length()
    {
        var block = Archives.Block("f", 'S', "00000000000\0", b => "00001000000\0"u8.CopyTo(b.AsSpan(483)));
        var read = Archives.Read(block);
        Assert.Equal(new byte[1 << 18], read.Single().Content);
    }

    public static TheoryData<string, byte[]> Hostile { get; } = new()
    {
        { "pieces that overlap", Pax("0,1024,512,1024", 4096, 2048) },
        { "pieces that go back", Pax("2048,512,0,512", 4096, 1024) },
        { "a piece after the end", Pax("4096,512", 4096, 512) },
        { "a piece of negative length", Pax("0,-512", 4096, 0) },
        { "a piece beyond all numbers", Pax("9223372036854775807,512", 4096, 512) },
        { "half a pair", Pax("0,512,1024", 4096, 512) },
        { "no number", Pax("0,x", 4096, 512) },
        { "more content than pieces", Pax("0,512", 4096, 1024) },
        { "less content than pieces", Pax("0,1024", 4096, 512) },
        { "a negative length", Pax("", -1, 0) },
        { "a map of another format", [.. Extended("GNU.sparse.major=2", "GNU.sparse.realsize=5"), .. Archives.Block("f", '0', "00000000000\0")] },
        { "a directory with holes", [.. Extended("GNU.sparse.size=5"), .. Archives.Block("d", '5', "00000000000\0")] },
        { "a map that says more than it has", Map("3\n0\n512\n") },
        { "a map of letters", Map("x\n") },
        { "a map without an end", Map("1") },
        { "a map of numbers without end", Map(new string('9', 400)) },
        { "an extension that is not there", Archives.Block("f", 'S', "00000000000\0", b => b[482] = 1) },
    };

    [Theory]
    [MemberData(nameof(Hostile))]
    public void A_map_that_is_wrong_is_refused(string what, byte[] archive)
    {
        var error = Assert.Throws<SuiteException>(() => Archives.Read(archive));
        Assert.True(error.Kind is ErrorKind.Corrupt or ErrorKind.Unsupported, $"{what}: {error.Message}");
    }

    [Fact]
    public void Files_longer_than_the_limit_and_maps_without_end_are_refused()
    {
        var huge = Pax("", 1L << 50, 0);
        Assert.Equal(ErrorKind.ResourceExhausted, Assert.Throws<SuiteException>(() => Archives.Read(huge)).Kind);
        var many = string.Join(',', Enumerable.Range(0, 100).Select(i => $"{i * 2},0"));
        Assert.Throws<SuiteException>(() => Archives.Read(Pax(many, 4096, 0), new TarLimits { MaxSparsePieces = 99 }));
        Archives.Read(Pax(many, 4096, 0), new TarLimits { MaxSparsePieces = 100 });
        // Each is short, and together they are not.
        var two = Pax("", 600, 0);
        Assert.Equal(ErrorKind.ResourceExhausted, Assert.Throws<SuiteException>(() => Archives.Read([.. two, .. two], new TarLimits { MaxSparseBytes = 1000 })).Kind);
    }

    private static byte[] Pax(string map, long length, int content) =>
    [
        .. Extended([.. map.Length > 0 ? (string[])[$"GNU.sparse.map={map}"] : [], $"GNU.sparse.size={length}"]),
        .. Archives.Block("f", '0', Convert.ToString(content, 8).PadLeft(11, '0') + "\0"), .. Archives.Padded(new byte[content]),
    ];

    private static byte[] Map(string text) =>
    [
        .. Extended("GNU.sparse.major=1", "GNU.sparse.minor=0", "GNU.sparse.name=f", "GNU.sparse.realsize=4096"),
        .. Archives.Block("f", '0', Convert.ToString(text.Length, 8).PadLeft(11, '0') + "\0"), .. Archives.Padded(Encoding.ASCII.GetBytes(text)),
    ];

    private static byte[] Extended(params string[] records)
    {
        var content = Encoding.ASCII.GetBytes(string.Concat(records.Select(Record)));
        return [.. Archives.Block("PaxHeaders/x", 'x', Convert.ToString(content.Length, 8).PadLeft(11, '0') + "\0"), .. Archives.Padded(content)];
    }

    /// <summary>The length counts its own digits.</summary>
    private static string Record(string text)
    {
        var length = text.Length + 3;
        while ($"{length} {text}\n".Length != length) length++;
        return $"{length} {text}\n";
    }

    /// <summary>A stream that gives a thousand bytes at most, so that pieces and maps are cut everywhere.</summary>
    private sealed class Trickle(byte[] bytes) : MemoryStream(bytes)
    {
        public override int Read(Span<byte> buffer) => base.Read(buffer[..Math.Min(buffer.Length, 1000)]);
    }
}
