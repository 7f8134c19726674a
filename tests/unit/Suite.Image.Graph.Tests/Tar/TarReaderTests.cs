using System.Text;
using Suite.Image.Graph.Tar;
using Suite.Linux.Errors;

namespace Suite.Image.Graph.Tests.Tar;

public sealed class TarReaderTests
{
    [Fact]
    public void What_was_written_is_read_back()
    {
        var entry = new TarEntry
        {
            Name = Encoding.UTF8.GetBytes("dir/" + new string('n', 300)), Mode = 0xDED, User = 3_000_000, Group = 70000, Size = 5,
            ModifiedSeconds = 1_700_000_000, ModifiedNanoseconds = 123_456_789,
        };
        byte[] capability = [1, 0, 0, 2, 0, 0x0a, 0xff, (byte)'\n', 0, 0x3d];
        entry.Xattrs.Add(("security.capability"u8.ToArray(), capability));
        var link = new TarEntry { Type = TarEntryType.SymbolicLink, Name = "l"u8.ToArray(), LinkName = Encoding.UTF8.GetBytes(new string('t', 200)), Mode = 0x1FF };

        var read = Archives.Read(Archives.Of((entry, "hello"), (link, "")));

        Assert.Equal(2, read.Count);
        Assert.Equal(entry.Name, read[0].Entry.Name);
        Assert.Equal((0xDEDu, 3_000_000u, 70000u), (read[0].Entry.Mode, read[0].Entry.User, read[0].Entry.Group));
        Assert.Equal((1_700_000_000L, 123_456_789), (read[0].Entry.ModifiedSeconds, read[0].Entry.ModifiedNanoseconds));
        Assert.Equal(capability, read[0].Entry.Xattrs.Single().Value);
        Assert.Equal("hello"u8.ToArray(), read[0].Content);
        Assert.Equal(link.LinkName, read[1].Entry.LinkName);
    }

    [Fact]
    public void What_other_tools_write_is_read()
    {
        var stream = new MemoryStream();
        using (var writer = new System.Formats.Tar.TarWriter(stream, System.Formats.Tar.TarEntryFormat.Gnu, leaveOpen: true))
        {
            writer.WriteEntry(new System.Formats.Tar.GnuTarEntry(System.Formats.Tar.TarEntryType.Directory, "d/"));
            writer.WriteEntry(new System.Formats.Tar.GnuTarEntry(System.Formats.Tar.TarEntryType.RegularFile, "d/" + new string('x', 200))
            {
                DataStream = new MemoryStream("content"u8.ToArray()),
            });
            writer.WriteEntry(new System.Formats.Tar.GnuTarEntry(System.Formats.Tar.TarEntryType.SymbolicLink, "s") { LinkName = new string('y', 200) });
        }

        var read = Archives.Read(stream.ToArray());
        Assert.Equal([TarEntryType.Directory, TarEntryType.File, TarEntryType.SymbolicLink], read.Select(r => r.Entry.Type));
        Assert.Equal(202, read[1].Entry.Name.Length);
        Assert.Equal("content"u8.ToArray(), read[1].Content);
        Assert.Equal(200, read[2].Entry.LinkName.Length);
    }

    [Fact]
    public void What_we_write_other_tools_read()
    {
        var entry = Archives.File("dir/" + new string('n', 150), "hello");
        entry.ModifiedSeconds = 1;
        entry.ModifiedNanoseconds = 5;
        using var reader = new System.Formats.Tar.TarReader(new MemoryStream(Archives.Of((entry, "hello"))));
        var read = reader.GetNextEntry()!;
        Assert.Equal(154, read.Name.Length);
        Assert.Equal(5, read.Length);
        Assert.Null(reader.GetNextEntry());
    }

    [Fact]
    public void Base_256_numbers_are_read()
    {
        var block = Archives.Block("f", '0', "", b =>
        {
            b[124] = 0x80;
            b[135] = 3; // size
            b.AsSpan(136, 12).Fill(0xff); // time: -1
        });
        var read = Archives.Read([.. block, .. Archives.Padded("abc"u8.ToArray())]);
        Assert.Equal("abc"u8.ToArray(), read.Single().Content);
        Assert.Equal(-1, read.Single().Entry.ModifiedSeconds);
    }

    [Fact]
    public void An_archive_without_its_final_blocks_is_complete()
    {
        var archive = Archives.Of((Archives.File("f", "abc"), "abc"));
        Assert.Single(Archives.Read(archive[..^1024]));
        Assert.Empty(Archives.Read([]));
    }

    [Fact]
    public void Every_truncation_is_an_error_or_ends_between_entries()
    {
        var archive = Archives.Of((Archives.File(new string('n', 200), new string('c', 700)), new string('c', 700)), (Archives.File("g", "abc"), "abc"));
        for (var length = 0; length < archive.Length - 1024; length++)
        {
            try
            {
                Assert.Equal(0, length % 512);
                Archives.Read(archive[..length]);
            }
            catch (SuiteException e)
            {
                Assert.Equal(ErrorKind.Corrupt, e.Kind);
            }
            catch (Xunit.Sdk.EqualException)
            {
                Assert.Throws<SuiteException>(() => Archives.Read(archive[..length]));
            }
        }
    }

    public static TheoryData<string, byte[]> Hostile { get; } = new()
    {
        { "a size in a pax record beyond the number's range", [.. Pax("path=x\n", "30 size=99999999999999999999\n"), .. Archives.Block("f", '0', "00000000000\0")] },
        { "a negative size", [.. Pax("11 size=-5\n"), .. Archives.Block("f", '0', "00000000000\0")] },
        { "a pax record whose length is too long", [.. Pax("99 path=x\n"), .. Archives.Block("f", '0', "00000000000\0")] },
        { "a pax record whose length is too short", [.. Pax("3 path=x\n"), .. Archives.Block("f", '0', "00000000000\0")] },
        { "a pax record of length zero", [.. Pax("0 path=x\n"), .. Archives.Block("f", '0', "00000000000\0")] },
        { "a pax record without a newline", [.. Pax("10 path=xy"), .. Archives.Block("f", '0', "00000000000\0")] },
        { "an extended header of 8 GiB", Archives.Block("p", 'x', "77777777777\0") },
        { "a long name of 8 GiB", Archives.Block("p", 'L', "77777777777\0") },
        { "a size that is no number", Archives.Block("f", '0', "0000000x000\0") },
        { "a file that is longer than the stream", Archives.Block("f", '0', "77777777777\0") },
        { "a base-256 size beyond 63 bits", Archives.Block("f", '0', "", b => { b[124] = 0x81; b[125] = 0xff; }) },
        { "an extended header at the end", Pax("10 path=xy\n") },
        { "a sparse file without a length", [.. Pax("22 GNU.sparse.major=1\n"), .. Archives.Block("f", '0', "00000000000\0")] },
        { "a checksum that is wrong", [.. "f"u8, .. Archives.Block("f", '0', "00000000000\0")[..511]] },
    };

    [Theory]
    [MemberData(nameof(Hostile))]
    public void Damage_is_refused(string what, byte[] archive)
    {
        var error = Assert.Throws<SuiteException>(() => Archives.Read(archive));
        Assert.True(error.Kind is ErrorKind.Corrupt or ErrorKind.Unsupported, what);
    }

    [Fact]
    public void More_entries_than_allowed_are_refused()
    {
        var archive = Archives.Of([.. Enumerable.Range(0, 11).Select(i => (Archives.File($"f{i}", ""), ""))]);
        var error = Assert.Throws<SuiteException>(() => Archives.Read(archive, new TarLimits { MaxEntries = 10 }));
        Assert.Equal(ErrorKind.ResourceExhausted, error.Kind);
    }

    /// <summary>Ten thousand archives with bytes changed at random: nothing but our own exception may come out, and soon.</summary>
    [Fact]
    public void Random_damage_ends_in_an_archive_or_in_our_error()
    {
        var entry = Archives.File("dir/" + new string('n', 120), "content");
        entry.Xattrs.Add(("user.a"u8.ToArray(), [1, 2, 3]));
        var link = new TarEntry { Type = TarEntryType.HardLink, Name = "h"u8.ToArray(), LinkName = "dir"u8.ToArray() };
        var good = Archives.Of((entry, "content"), (link, ""));
        var random = new Random(20240501);
        for (var round = 0; round < 10_000; round++)
        {
            var bad = (byte[])good.Clone();
            for (var i = random.Next(1, 8); i > 0; i--) bad[random.Next(bad.Length)] = (byte)random.Next(256);
            if (random.Next(2) == 0) Repair(bad);
            try
            {
                Archives.Read(bad, new TarLimits { MaxEntries = 100 });
            }
            catch (SuiteException)
            {
                // what is expected of damage
            }
        }
    }

    private static byte[] Pax(params string[] records)
    {
        var content = Encoding.UTF8.GetBytes(string.Concat(records));
        return [.. Archives.Block("PaxHeaders/x", 'x', Convert.ToString(content.Length, 8).PadLeft(11, '0') + "\0"), .. Archives.Padded(content)];
    }

    /// <summary>Makes the checksums right again, so that damage reaches what lies behind them.</summary>
    private static void Repair(byte[] archive)
    {
        for (var at = 0; at + 512 <= archive.Length; at += 512)
        {
            var block = archive.AsSpan(at, 512);
            if (!block.Slice(257, 5).SequenceEqual("ustar"u8)) continue;
            block.Slice(148, 8).Fill((byte)' ');
            var sum = 0;
            foreach (var b in block) sum += b;
            Encoding.ASCII.GetBytes(Convert.ToString(sum, 8).PadLeft(6, '0') + "\0").CopyTo(block[148..]);
        }
    }
}
