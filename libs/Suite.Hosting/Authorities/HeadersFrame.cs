using System.Buffers;

namespace Suite.Hosting.Authorities;

/// <summary>A HEADERS frame (RFC 9113, 6.2): flags, perhaps padding and priority, and a block of fields.</summary>
internal readonly struct HeadersFrame
{
    private const byte Padded = 0x8;
    private const byte Priority = 0x20;

    // Not longer than any name it takes the place of: the table of past fields never fills up earlier here than with the client
    // (RFC 7541, 4.4), so that what the client points to is still there.
    private static ReadOnlySpan<byte> Replacement => [1, (byte)'u'];

    private readonly byte[] _bytes;

    private HeadersFrame(byte[] bytes) => _bytes = bytes;

    public int Length => _bytes.Length;

    /// <returns>False: it is not there as a whole.</returns>
    public static bool TryRead(ReadOnlySequence<byte> buffer, out HeadersFrame frame)
    {
        frame = default;
        if (!FrameWalk.TryReadHeader(buffer, out var length, out _) || buffer.Length < length)
            return false;
        frame = new HeadersFrame(buffer.Slice(0, length).ToArray());
        return true;
    }

    /// <returns>The frame with another name for the server; null when a server takes the one that it has, or when there is none.</returns>
    public byte[]? Rewritten()
    {
        var block = FrameWalk.HeaderSize + ((_bytes[4] & Padded) != 0 ? 1 : 0) + ((_bytes[4] & Priority) != 0 ? 5 : 0);
        if (block > _bytes.Length || FieldBlock.FindAuthority(_bytes.AsSpan(block)) is not var (start, end) || FieldBlock.IsLocalhost(_bytes.AsSpan(block)[start..end]))
            return null;
        byte[] rewritten = [.. _bytes.AsSpan(0, block + start), .. Replacement, .. _bytes.AsSpan(block + end)];
        var payload = rewritten.Length - FrameWalk.HeaderSize;
        (rewritten[0], rewritten[1], rewritten[2]) = ((byte)(payload >> 16), (byte)(payload >> 8), (byte)payload);
        return rewritten;
    }
}
