using System.IO.Compression;
using System.Text;
using Suite.Image.Graph.Compression;
using Suite.Image.Graph.Tar;
using Suite.Linux.Errors;
using Suite.Linux.Native;
using Suite.Oci.References;
using Suite.Testing.Requirements;

namespace Suite.Contract.Tests.Graph;

/// <summary>Archives that ask for more than anybody has: refused by a sentence, at once, and nothing stays.</summary>
public abstract partial class GraphDriverContract
{
    [RootTheory]
    [InlineData("a file longer than the stream", ErrorKind.Corrupt)]
    [InlineData("a file of 8 EiB", ErrorKind.Corrupt)]
    [InlineData("an extended header of 7 GiB", ErrorKind.Corrupt)]
    [InlineData("a sparse file of 1 PiB", ErrorKind.ResourceExhausted)]
    [InlineData("sparse files without end", ErrorKind.ResourceExhausted)]
    [InlineData("entries without end", ErrorKind.ResourceExhausted)]
    [InlineData("a name of 100 KB", ErrorKind.Corrupt)]
    [InlineData("a link to 100 KB", ErrorKind.Corrupt)]
    [InlineData("bytes without end", ErrorKind.ResourceExhausted)]
    public void A_bomb_is_refused_and_nothing_stays(string bomb, ErrorKind kind)
    {
        var limits = new TarLimits { MaxEntries = 500, MaxSparseBytes = 1L << 30 };
        using var archive = Bomb(bomb);
        using (var draft = Driver.CreateLayer("bomb", []))
        {
            var before = GC.GetAllocatedBytesForCurrentThread();
            var error = Assert.ThrowsAny<SuiteException>(() => draft.Apply(archive, limits, Cancellation));
            Assert.True(error.Kind == kind, $"{bomb}: {error.Kind}: {error.Message}");
            Assert.InRange(error.Message.Length, 20, 600);
            Assert.InRange(GC.GetAllocatedBytesForCurrentThread() - before, 0, 32 << 20);
        }

        Assert.Empty(Driver.ListLayers());
        // The driver is as good as before.
        Layer("good", ("f", "1"));
        using var root = Mount("k");
        Assert.Equal(["/f"], root.Leaves());
    }

    [RootFact]
    public void A_tree_as_deep_as_a_name_can_say_is_made_told_and_removed()
    {
        var name = string.Join('/', Enumerable.Repeat(DeepName, Deep));
        Layer("1", Archives.File(name + "/f"));
        using (var root = Mount("k"))
        {
            using var shell = System.Diagnostics.Process.Start("sh", ["-ec", $"cd '{root.Path}'; cd {name}; head -c {Counted} /dev/zero >g; rm f"])!;
            shell.WaitForExit();
            Assert.Equal(0, shell.ExitCode);
        }

        Assert.Equal(Deep + 2, Changes("k").Length);
        Assert.True(Driver.RootfsUsage("k").Bytes > 0);
        Commit("k", "2");
        Driver.RemoveRootfs("k");
        foreach (var layer in (string[])["2", "1"]) Driver.RemoveLayer(layer);
        Assert.Empty(Driver.ListLayers());
    }

    [RootFact]
    public void A_tree_deeper_than_any_path_is_measured_refused_and_removed()
    {
        Layer("1", ("f", "1"));
        using (var root = Mount("k"))
        {
            // As a container does it: each from within the one before.
            var at = FileCalls.OpenAt(FileCalls.AT_FDCWD, Encoding.UTF8.GetBytes(root.Path), FileCalls.O_RDONLY | FileCalls.O_DIRECTORY);
            var name = Encoding.ASCII.GetBytes(DeepName);
            for (var level = 0; level < Deep * 5 / 2; level++)
            {
                Assert.Equal(0, FileCalls.MkdirAt(at, name, 0x1C0));
                var inside = FileCalls.OpenAt(at, name, FileCalls.O_RDONLY | FileCalls.O_DIRECTORY);
                FileCalls.Close(at);
                at = inside;
            }

            FileCalls.Close(at);
        }

        Assert.Equal(ErrorKind.Unsupported, Assert.Throws<SuiteException>(() => Changes("k")).Kind);
        var refused = Assert.Throws<SuiteException>(() => Driver.WriteChanges("k", _stack, Stream.Null, Cancellation));
        Assert.Contains("nested too deep", refused.Message, StringComparison.Ordinal);
        Assert.True(Driver.RootfsUsage("k").Bytes > 0);
        Driver.RemoveRootfs("k");
        Assert.Empty(Driver.ListRootfs());
        Assert.Empty(Directory.EnumerateDirectories(_folder.Path("graph"), DeepName, SearchOption.AllDirectories));
    }

    /// <summary>So long that as many as <see cref="Deep"/> are almost all that a path may be.</summary>
    private string DeepName => new('d', (4000 / Deep) - 1);

    private static Stream Bomb(string bomb)
    {
        switch (bomb)
        {
            case "a file longer than the stream":
                return Headers(new TarEntry { Name = "f"u8.ToArray(), Mode = 0x1A4, Size = 8L << 30 });
            case "a file of 8 EiB":
                return Headers(new TarEntry { Name = "f"u8.ToArray(), Mode = 0x1A4, Size = long.MaxValue });
            case "an extended header of 7 GiB":
                var header = Headers(new TarEntry { Name = "x"u8.ToArray(), Size = 7L << 30 }).ToArray()[..512];
                header[156] = (byte)'x';
                return new MemoryStream(Sealed(header));
            case "a sparse file of 1 PiB":
                return Sparse(1L << 50, 1);
            case "sparse files without end":
                return Sparse(1L << 29, 100);
            case "entries without end":
                return Archives.Of([.. Enumerable.Range(0, 501).Select(i => Archives.File($"f{i}"))]);
            case "a name of 100 KB":
                return Archives.Of([Archives.File(string.Join('/', Enumerable.Repeat("d", 50_000)))]);
            case "a link to 100 KB":
                return Archives.Of([Archives.Link("l", new string('x', 100_000))]);
            default:
                // 64 MiB of zeros are 64 KB.
                var compressed = new MemoryStream();
                using (var gzip = new GZipStream(compressed, CompressionLevel.Optimal, leaveOpen: true))
                {
                    gzip.Write(Headers(new TarEntry { Name = "f"u8.ToArray(), Mode = 0x1A4, Size = 64 << 20 }).ToArray());
                    for (var i = 0; i < 64; i++) gzip.Write(new byte[1 << 20]);
                }

                compressed.Position = 0;
                return new VerifiedStream(Decompression.Open(compressed), DigestAlgorithm.Sha256, 16 << 20);
        }
    }

    /// <summary>An entry without its content.</summary>
    private static MemoryStream Headers(TarEntry entry)
    {
        var stream = new MemoryStream();
        new TarWriter(stream).Begin(entry);
        stream.Position = 0;
        return stream;
    }

    /// <summary>Files that are one hole, in GNU tar's old format.</summary>
    private static MemoryStream Sparse(long length, int files)
    {
        var stream = new MemoryStream();
        for (var i = 0; i < files; i++)
        {
            var block = Headers(Archives.File($"sparse{i}")).ToArray();
            block[156] = (byte)'S';
            Encoding.ASCII.GetBytes(length > 1L << 33 ? "" : Convert.ToString(length, 8).PadLeft(11, '0')).CopyTo(block, 483);
            if (length > 1L << 33)
            {
                block[483] = 0x80;
                System.Buffers.Binary.BinaryPrimitives.WriteInt64BigEndian(block.AsSpan(487), length);
            }

            stream.Write(Sealed(block));
        }

        stream.Position = 0;
        return stream;
    }

    private static byte[] Sealed(byte[] block)
    {
        block.AsSpan(148, 8).Fill((byte)' ');
        Encoding.ASCII.GetBytes(Convert.ToString(block.Sum(b => b), 8).PadLeft(6, '0')).CopyTo(block, 148);
        block[154] = 0;
        return block;
    }
}
