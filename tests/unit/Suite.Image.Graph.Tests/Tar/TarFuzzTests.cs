using System.Text;
using Suite.Image.Graph.Tar;
using Suite.Linux.Errors;

namespace Suite.Image.Graph.Tests.Tar;

/// <summary>
/// Damaged archives: whatever is in them, the reader ends with entries or with a sentence, never with another exception, and asks for
/// no more memory than its limits say. A second in every run; SUITE_FUZZ_SECONDS says how long somebody wants to wait.
/// </summary>
public sealed class TarFuzzTests
{
    private static readonly TarLimits Limits = new() { MaxEntries = 1000, MaxExtendedHeader = 64 * 1024, MaxSparsePieces = 1000, MaxSparseBytes = 1 << 20 };

    [Fact]
    public void A_damaged_archive_is_read_or_refused()
    {
        var seconds = int.TryParse(Environment.GetEnvironmentVariable("SUITE_FUZZ_SECONDS"), out var wanted) ? wanted : 1;
        var seed = wanted > 0 ? Random.Shared.Next() : 1;
        var random = new Random(seed);
        var samples = Samples();
        var started = TimeProvider.System.GetTimestamp();
        long read = 0, refused = 0;
        while (TimeProvider.System.GetElapsedTime(started).TotalSeconds < seconds)
        {
            var archive = Damaged(samples[random.Next(samples.Length)], random);
            try
            {
                Archives.Read(archive, Limits);
                read++;
            }
            catch (SuiteException e) when (e.Kind is ErrorKind.Corrupt or ErrorKind.Unsupported or ErrorKind.ResourceExhausted)
            {
                refused++;
            }
            catch (Exception e)
            {
                Assert.Fail($"seed {seed}, after {read + refused} archives: {e}\n{Convert.ToBase64String(archive)}");
            }
        }

        TestContext.Current.TestOutputHelper?.WriteLine($"seed {seed}: {read} archives read, {refused} refused");
        Assert.True(read > 0 && refused > 0, $"{read} archives read, {refused} refused: the damage is too little or too much");
    }

    private static byte[][] Samples()
    {
        var rich = Archives.File("dir/" + new string('n', 200), "hello");
        rich.ModifiedSeconds = -5;
        rich.ModifiedNanoseconds = 7;
        rich.User = 5_000_000;
        rich.Xattrs.Add(("user.x"u8.ToArray(), [1, 2, 0, 255]));
        var link = new TarEntry { Type = TarEntryType.SymbolicLink, Name = "l"u8.ToArray(), LinkName = Encoding.UTF8.GetBytes(new string('t', 150)) };
        var gnu = new MemoryStream();
        using (var writer = new System.Formats.Tar.TarWriter(gnu, System.Formats.Tar.TarEntryFormat.Gnu, leaveOpen: true))
            writer.WriteEntry(new System.Formats.Tar.GnuTarEntry(System.Formats.Tar.TarEntryType.RegularFile, new string('x', 200)) { DataStream = new MemoryStream(new byte[700]) });
        return
        [
            Archives.Of((rich, "hello"), (link, "")),
            gnu.ToArray(),
            [.. Archives.Block("f", '0', "00000000005\0"), .. Archives.Padded("hello"u8.ToArray())],
            SparseArchives.Gnu, SparseArchives.Pax00, SparseArchives.Pax01, SparseArchives.Pax10,
            [.. Archives.Block("x", 'x', "00000000020\0"), .. Archives.Padded("16 path=a/b/c/d\n"u8.ToArray()), .. Archives.Block("f", '0', "00000000000\0")],
        ];
    }

    /// <summary>Bytes changed, cut out, doubled and cut off; often with a checksum that is right again, as else nothing gets past it.</summary>
    private static byte[] Damaged(byte[] sample, Random random)
    {
        var bytes = (byte[])sample.Clone();
        for (var changes = random.Next(1, 6); changes > 0; changes--)
        {
            var at = random.Next(bytes.Length);
            switch (random.Next(8))
            {
                case 0: bytes[at] = (byte)random.Next(256); break;
                case 1: bytes[at] ^= (byte)(1 << random.Next(8)); break;
                case 2: bytes = bytes[..at]; break;
                case 3: bytes = [.. bytes[..at], .. bytes[random.Next(bytes.Length)..]]; break;
                case 4: random.NextBytes(bytes.AsSpan(at, Math.Min(random.Next(1, 16), bytes.Length - at))); break;
                case 5: bytes.AsSpan(at & ~511, Math.Min(512, bytes.Length - (at & ~511))).Clear(); break;
                default: bytes[at] = (byte)"0123456789=, \n\0/.xgLKS"[random.Next(22)]; break; // what fields and records are made of
            }

            if (bytes.Length == 0) return bytes;
        }

        if (random.Next(4) > 0) for (var block = 0; block + 512 <= bytes.Length; block += 512) Seal(bytes.AsSpan(block, 512));
        return bytes;
    }

    private static void Seal(Span<byte> block)
    {
        if (!block.Slice(257, 5).SequenceEqual("ustar"u8)) return;
        block.Slice(148, 8).Fill((byte)' ');
        var sum = 0;
        foreach (var b in block) sum += b;
        Encoding.ASCII.GetBytes(Convert.ToString(sum, 8).PadLeft(6, '0')).CopyTo(block[148..]);
        block[154] = 0;
    }
}
