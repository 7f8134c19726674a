using System.Globalization;
using System.Text;

namespace Suite.Runtime.Logs;

/// <summary>One entry of a container's log.</summary>
/// <param name="Timestamp">Nanoseconds since the epoch.</param>
/// <param name="IsError">Standard error, not standard output.</param>
/// <param name="Text">With its line break, when the line is complete.</param>
internal readonly record struct LogLine(long Timestamp, bool IsError, ReadOnlyMemory<byte> Text)
{
    /// <summary>CRI's format: <c>RFC3339Nano stdout|stderr F|P text</c>. Null: the line is not one of ours, and is passed over.</summary>
    /// <param name="line">Without its line break.</param>
    public static LogLine? Parse(ReadOnlySpan<byte> line)
    {
        var first = line.IndexOf((byte)' ');
        if (first < 0)
            return null;
        var rest = line[(first + 1)..];
        var second = rest.IndexOf((byte)' ');
        if (second < 0 || rest.Length < second + 2 || !TryParseTime(line[..first], out var timestamp))
            return null;
        var partial = rest[second + 1] == (byte)'P';
        // An empty text may come with or without the space before it.
        var text = rest.Length > second + 2 ? rest[(second + 3)..] : default;
        var bytes = new byte[text.Length + (partial ? 0 : 1)];
        text.CopyTo(bytes);
        if (!partial)
            bytes[^1] = (byte)'\n';
        return new LogLine(timestamp, rest[..second].SequenceEqual("stderr"u8), bytes);
    }

    // DateTimeOffset keeps tenths of microseconds; the log has nanoseconds, and readers compare them.
    private static bool TryParseTime(ReadOnlySpan<byte> text, out long nanoseconds)
    {
        nanoseconds = 0;
        if (text.Length < 20 || !DateTimeOffset.TryParseExact(
            Encoding.ASCII.GetString(text[..19]), "yyyy-MM-ddTHH:mm:ss", CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out var seconds))
            return false;
        var position = 19;
        long fraction = 0;
        if (text[position] == (byte)'.')
        {
            var digits = 0;
            for (position++; position < text.Length && char.IsAsciiDigit((char)text[position]); position++, digits++)
            {
                if (digits < 9)
                    fraction = fraction * 10 + (text[position] - '0');
            }
            for (; digits < 9; digits++)
                fraction *= 10;
        }
        var zone = text[position..];
        var offset = TimeSpan.Zero;
        if (!zone.SequenceEqual("Z"u8))
        {
            if (zone.Length != 6 || !TimeSpan.TryParseExact(Encoding.ASCII.GetString(zone[1..]), @"hh\:mm", CultureInfo.InvariantCulture, out offset))
                return false;
            offset = zone[0] == (byte)'-' ? -offset : offset;
        }
        nanoseconds = (seconds.ToNanoseconds() - offset.Ticks * 100) + fraction;
        return true;
    }
}
