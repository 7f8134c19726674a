using System.Globalization;

namespace Suite.Registry.Distribution;

/// <summary>The part of a blob that a request asks for (RFC 9110, section 14). First and last byte, both included.</summary>
internal readonly record struct ByteRange(long First, long Last)
{
    public long Length => Last - First + 1;

    /// <summary>
    /// Reads a Range header. Null: serve everything, as for no header, another unit or several ranges, which a server may ignore.
    /// </summary>
    /// <param name="header">The header's text.</param>
    /// <param name="size">Bytes of the whole.</param>
    /// <param name="satisfiable">False: the range lies outside, or ends before it begins; the answer is 416.</param>
    public static ByteRange? Parse(string? header, long size, out bool satisfiable)
    {
        satisfiable = true;
        if (header is null || !header.StartsWith("bytes=", StringComparison.OrdinalIgnoreCase) || header.Contains(',', StringComparison.Ordinal))
            return null;

        var text = header.AsSpan("bytes=".Length).Trim();
        var dash = text.IndexOf('-');
        if (dash < 0)
            return null;
        if (dash == 0)
            return Suffix(text[1..], size, out satisfiable);

        if (!Number(text[..dash], out var first))
            return null;
        var last = size - 1;
        if (dash + 1 < text.Length && !Number(text[(dash + 1)..], out last))
            return null;
        satisfiable = first <= last && first < size;
        return satisfiable ? new ByteRange(first, Math.Min(last, size - 1)) : null;
    }

    private static ByteRange? Suffix(ReadOnlySpan<char> text, long size, out bool satisfiable)
    {
        satisfiable = true;
        if (!Number(text, out var count))
            return null;
        satisfiable = count > 0 && size > 0;
        return satisfiable ? new ByteRange(Math.Max(0, size - count), size - 1) : null;
    }

    private static bool Number(ReadOnlySpan<char> text, out long value) =>
        long.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out value);
}
