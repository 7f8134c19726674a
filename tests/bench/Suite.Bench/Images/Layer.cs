using System.Formats.Tar;
using System.Globalization;
using System.IO.Compression;
using System.Security.Cryptography;
using Suite.Testing.Files;

namespace Suite.Bench.Images;

/// <summary>A layer as a registry holds it.</summary>
/// <param name="Blob">tar, gzip.</param>
/// <param name="DiffId">Digest of the tar.</param>
internal sealed record Layer(byte[] Blob, string DiffId)
{
    private const UnixFileMode Executable = (UnixFileMode)0b111_101_101;

    public string Digest { get; } = DigestOf(Blob);

    public static string DigestOf(byte[] data) => $"sha256:{Convert.ToHexStringLower(SHA256.HashData(data))}";

    /// <summary>busybox with its commands, and the idle program.</summary>
    public static Layer Busybox(byte[] idle)
    {
        using var folder = new TempFolder("suite-bench");
        BusyboxRootfs.Make(folder.FullName);
        File.WriteAllBytes(folder.Path("bin", "idle"), idle);
        File.SetUnixFileMode(folder.Path("bin", "idle"), Executable);
        using var tar = new MemoryStream();
        TarFile.CreateFromDirectory(folder.FullName, tar, includeBaseDirectory: false);
        return Of(tar.ToArray());
    }

    /// <summary>One executable file.</summary>
    public static Layer Single(string name, byte[] contents) => Write(writer => writer.WriteEntry(Program(name, contents)));

    /// <summary>Files of 64 KiB, the same for the same seed, that compress to about half as programs do.</summary>
    public static Layer Bulk(int seed, int mebibytes) => Write(writer =>
    {
        var random = new Random(seed);
        for (var i = 0; i < mebibytes * 16; i++)
        {
            var contents = new byte[64 * 1024];
            random.NextBytes(contents.AsSpan(0, contents.Length / 2));
            writer.WriteEntry(Program(BulkName(seed, i), contents));
        }
    });

    /// <summary>As many files, that compress to almost nothing, where their number and size count and not the time to make them.</summary>
    public static Layer Repetitive(int seed, int mebibytes) => Write(writer =>
    {
        var contents = new byte[64 * 1024];
        new Random(seed).NextBytes(contents.AsSpan(0, 8 * 1024));
        for (var at = 8 * 1024; at < contents.Length; at += 8 * 1024) contents.AsSpan(0, 8 * 1024).CopyTo(contents.AsSpan(at));
        for (var i = 0; i < mebibytes * 16; i++) writer.WriteEntry(Program(BulkName(seed, i), contents));
    });

    public static string BulkName(int seed, int file) => string.Create(CultureInfo.InvariantCulture, $"data/{seed}/{file}");

    private static PaxTarEntry Program(string name, byte[] contents) =>
        new(TarEntryType.RegularFile, name) { DataStream = new MemoryStream(contents), Mode = Executable };

    private static Layer Write(Action<TarWriter> entries)
    {
        using var tar = new MemoryStream();
        using (var writer = new TarWriter(tar, leaveOpen: true))
            entries(writer);
        return Of(tar.ToArray());
    }

    private static Layer Of(byte[] tar)
    {
        using var blob = new MemoryStream();
        using (var gzip = new GZipStream(blob, CompressionLevel.Fastest, leaveOpen: true))
            gzip.Write(tar);
        return new Layer(blob.ToArray(), DigestOf(tar));
    }
}
