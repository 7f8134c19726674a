using Suite.Image.Graph.Compression;
using Suite.Image.Graph.Layers;
using Suite.Image.Graph.Tar;
using Suite.Linux.Errors;

namespace Suite.Image.Builds.Copies;

/// <summary>Archives that ADD unpacks: tar, plain or compressed with gzip, zstd, bzip2 or xz. The content decides, not the name.</summary>
internal static class AddedArchive
{
    /// <returns>Whether it was one, and is now in the folder.</returns>
    public static bool TryUnpack(Func<Stream> open, string name, string folder, CancellationToken cancellationToken)
    {
        if (!IsArchive(open)) return false;
        try
        {
            using var compressed = open();
            using var plain = Plain(compressed);
            using var root = new LayerRoot(folder, null);
            new LayerApplier(root, null).Apply(new TarReader(plain), cancellationToken);
            return true;
        }
        catch (Exception e) when (e is InvalidDataException or ZstdSharp.ZstdException)
        {
            throw new SuiteException(ErrorKind.Corrupt, $"The archive '{name}' is damaged: {e.Message}", e);
        }
        catch (SuiteException e)
        {
            throw new SuiteException(e.Kind == ErrorKind.Corrupt ? ErrorKind.InvalidArgument : e.Kind, $"The archive '{name}' cannot be unpacked: {e.Message}", e);
        }
    }

    private static bool IsArchive(Func<Stream> open)
    {
        try
        {
            using var compressed = open();
            using var plain = Plain(compressed);
            return new TarReader(plain).Next() is not null;
        }
        catch (Exception e) when (e is InvalidDataException or ZstdSharp.ZstdException or SuiteException { Kind: ErrorKind.Corrupt })
        {
            return false; // then it is a file like any other
        }
    }

    private static Stream Plain(Stream compressed)
    {
        var head = new byte[6];
        var length = compressed.ReadAtLeast(head, head.Length, throwOnEndOfStream: false);
        compressed.Seek(0, SeekOrigin.Begin);
        if (head.AsSpan(0, length).StartsWith("BZh"u8)) return new ProgramStream("bzip2", compressed);
        return length == 6 && head[0] == 0xfd && head.AsSpan(1).SequenceEqual("7zXZ\0"u8) ? new ProgramStream("xz", compressed) : Decompression.Open(compressed);
    }
}
