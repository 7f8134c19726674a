namespace Suite.Hosting.Authorities;

/// <summary>A block of fields as HPACK writes it (RFC 7541), read as far as the name of the server.</summary>
internal static class FieldBlock
{
    // Appendix A: the first entry of the static table is :authority.
    private const int AuthorityIndex = 1;

    /// <summary>"localhost" in the code of appendix B, which most clients use.</summary>
    private static ReadOnlySpan<byte> Coded => [0x86, 0xa0, 0xe4, 0x1d, 0x13, 0x9d, 0x09];

    /// <returns>
    /// Where the value of :authority begins and ends, its length included. Null: it is not written out here, as after the first
    /// request of a connection, or it is cut off.
    /// </returns>
    public static (int Start, int End)? FindAuthority(ReadOnlySpan<byte> block)
    {
        for (var at = 0; at < block.Length;)
        {
            var first = block[at];
            var (indexed, bits) = first switch
            {
                >= 0x80 => (true, 7), // 6.1: a field that was seen before
                >= 0x40 => (false, 6), // 6.2.1: to be remembered
                >= 0x20 => (true, 5), // 6.3: a new size of the table
                _ => (false, 4), // 6.2.2, 6.2.3: not to be remembered
            };
            if (!TryReadNumber(block, bits, ref at, out var index))
                return null;
            if (indexed)
                continue;
            if (index == 0 && !TrySkipText(block, ref at))
                return null;
            var start = at;
            if (!TrySkipText(block, ref at))
                return null;
            if (index == AuthorityIndex)
                return (start, at);
        }
        return null;
    }

    /// <param name="value">With its length.</param>
    public static bool IsLocalhost(ReadOnlySpan<byte> value) => value.SequenceEqual(Coded) || (value.Length == 10 && value[0] == 9 && value[1..].SequenceEqual("localhost"u8));

    private static bool TrySkipText(ReadOnlySpan<byte> block, ref int at)
    {
        if (!TryReadNumber(block, 7, ref at, out var length) || length > block.Length - at)
            return false;
        at += length;
        return true;
    }

    // 5.1: what does not fit into the prefix follows in groups of seven bits, the lowest first.
    private static bool TryReadNumber(ReadOnlySpan<byte> block, int prefix, ref int at, out int value)
    {
        value = 0;
        if (at >= block.Length)
            return false;
        var limit = (1 << prefix) - 1;
        value = block[at++] & limit;
        if (value < limit)
            return true;
        for (var shift = 0; shift <= 21 && at < block.Length; shift += 7)
        {
            var group = block[at++];
            value += (group & 0x7f) << shift;
            if (group < 0x80)
                return true;
        }
        return false;
    }
}
