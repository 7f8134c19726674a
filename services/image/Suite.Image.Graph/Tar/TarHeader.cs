using Suite.Linux.Errors;

namespace Suite.Image.Graph.Tar;

/// <summary>One header block of 512 bytes: v7, ustar (POSIX.1-1988) and GNU's variant of it.</summary>
internal static class TarHeader
{
    public const int BlockSize = 512;

    /// <summary>Fills <paramref name="entry"/> with what the block says and answers its type flag.</summary>
    /// <param name="rawSize">The size field, which extended headers use too.</param>
    public static byte Read(ReadOnlySpan<byte> block, TarEntry entry, out long rawSize)
    {
        CheckSum(block);
        var flag = block[156];
        var posix = block.Slice(257, 6).SequenceEqual("ustar\0"u8);
        var name = TarField.Text(block[..100]);
        var prefix = posix ? TarField.Text(block.Slice(345, 155)) : default;
        entry.Name = prefix.IsEmpty ? name.ToArray() : [.. prefix, (byte)'/', .. name];
        entry.LinkName = TarField.Text(block.Slice(157, 100)).ToArray();
        entry.Mode = (uint)TarField.Number(block.Slice(100, 8), "mode") & 0xFFF;
        entry.User = Id(TarField.Number(block.Slice(108, 8), "owner"));
        entry.Group = Id(TarField.Number(block.Slice(116, 8), "group"));
        rawSize = TarField.Number(block.Slice(124, 12), "size");
        entry.ModifiedSeconds = TarField.Number(block.Slice(136, 12), "time");
        if (flag is (byte)'3' or (byte)'4')
        {
            entry.DeviceMajor = Id(TarField.Number(block.Slice(329, 8), "device number"));
            entry.DeviceMinor = Id(TarField.Number(block.Slice(337, 8), "device number"));
        }

        if (rawSize < 0) throw new SuiteException(ErrorKind.Corrupt, $"The tar entry '{entry.ShownName}' has a negative size.");
        return flag;
    }

    public static bool IsZero(ReadOnlySpan<byte> block) => !block.ContainsAnyExcept((byte)0);

    public static uint Id(long value) =>
        value is >= 0 and < uint.MaxValue
            ? (uint)value
            : throw new SuiteException(ErrorKind.Corrupt, $"The tar header is damaged: {value} is not a user, group or device number.");

    private static void CheckSum(ReadOnlySpan<byte> block)
    {
        var said = TarField.Number(block.Slice(148, 8), "checksum");
        long unsigned = 0, signed = 0;
        for (var i = 0; i < BlockSize; i++)
        {
            var b = i is >= 148 and < 156 ? (byte)' ' : block[i];
            unsigned += b;
            signed += (sbyte)b; // some old tars added up signed characters
        }

        if (said != unsigned && said != signed)
            throw new SuiteException(ErrorKind.Corrupt, "The tar stream is damaged: a header's checksum does not match.");
    }
}
