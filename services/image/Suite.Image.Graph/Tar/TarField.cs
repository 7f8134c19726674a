using Suite.Linux.Errors;

namespace Suite.Image.Graph.Tar;

/// <summary>The fields of a header block: octal digits, or GNU's base-256 for what octal cannot hold.</summary>
internal static class TarField
{
    public static long Number(ReadOnlySpan<byte> field, string what)
    {
        // GNU: the first bit set means that the rest is a big-endian two's complement number (tar.h, "base-256").
        if ((field[0] & 0x80) != 0) return Base256(field, what);

        field = field.Trim(" \0"u8);
        var end = field.IndexOf((byte)0);
        if (end >= 0) field = field[..end];
        long value = 0;
        foreach (var digit in field)
        {
            if (digit is < (byte)'0' or > (byte)'7') throw Bad(what);
            value = (value << 3) + (digit - '0');
        }

        return value;
    }

    public static ReadOnlySpan<byte> Text(ReadOnlySpan<byte> field)
    {
        var end = field.IndexOf((byte)0);
        return end < 0 ? field : field[..end];
    }

    private static long Base256(ReadOnlySpan<byte> field, string what)
    {
        var negative = (field[0] & 0x40) != 0;
        long value = negative ? -1 : 0;
        for (var i = 0; i < field.Length; i++)
        {
            var b = i == 0 ? (byte)(negative ? field[0] | 0x80 : field[0] & 0x7f) : field[i];
            // What is shifted out must be sign alone.
            var top = value >> 55;
            if (top != (negative ? -1 : 0)) throw Bad(what);
            value = (value << 8) | b;
        }

        return value;
    }

    private static SuiteException Bad(string what) =>
        new(ErrorKind.Corrupt, $"The tar header is damaged: its {what} is not a number.");
}
