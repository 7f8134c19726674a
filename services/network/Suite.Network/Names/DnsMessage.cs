using System.Buffers.Binary;

namespace Suite.Network.Names;

/// <summary>Response codes (RFC 1035, 4.1.1).</summary>
internal enum DnsCode : byte
{
    NoError = 0,
    FormatError = 1,
    ServerFailure = 2,
    NameError = 3,
    NotImplemented = 4,
    Refused = 5,
}

/// <summary>The one question of a query, read from the wire.</summary>
/// <param name="Name">In lower case, without the last dot.</param>
/// <param name="End">Where the question ends in the message.</param>
/// <param name="PayloadBytes">What the client takes by UDP: 512, or what its OPT record says (RFC 6891).</param>
internal sealed record DnsQuestion(ushort Id, bool RecursionDesired, string Name, ushort Type, ushort Class, int End, int PayloadBytes, bool HasOptions)
{
    public const ushort A = 1;
    public const ushort Ptr = 12;
    public const ushort Aaaa = 28;
    public const ushort Any = 255;
    public const ushort Internet = 1;
}

/// <summary>
/// Reads queries, hostile ones too: every length and pointer is checked against what is there, and only a message of exactly one
/// question is a question.
/// </summary>
internal static class DnsMessage
{
    public const int HeaderBytes = 12;
    public const int PlainUdpBytes = 512;
    private const int MostPayloadBytes = 4096;
    private const ushort Opt = 41;

    /// <returns>Null with the code to answer; with no code when the message deserves no answer.</returns>
    public static DnsQuestion? Read(ReadOnlySpan<byte> message, out DnsCode? refusal)
    {
        refusal = null;
        // An answer is never answered: two servers would go on for ever.
        if (message.Length < HeaderBytes || (message[2] & 0x80) != 0)
        {
            return null;
        }

        if ((message[2] & 0x78) != 0)
        {
            refusal = DnsCode.NotImplemented;
            return null;
        }

        int position = HeaderBytes;
        refusal = DnsCode.FormatError;
        if (Count(message, 4) != 1 || DnsName.Read(message, ref position) is not { } name || message.Length - position < 4)
        {
            return null;
        }

        ushort type = BinaryPrimitives.ReadUInt16BigEndian(message[position..]);
        ushort @class = BinaryPrimitives.ReadUInt16BigEndian(message[(position + 2)..]);
        int end = position += 4;
        if (ReadOptions(message, position) is not { } payload)
        {
            return null;
        }

        refusal = null;
        return new DnsQuestion(
            BinaryPrimitives.ReadUInt16BigEndian(message), (message[2] & 1) != 0, name, type, @class, end, Math.Max(payload, PlainUdpBytes), payload > 0);
    }

    /// <summary>Walks the records behind the question to the OPT record.</summary>
    /// <returns>Its payload size, 0 without one; null when the records are not what their counts say.</returns>
    private static int? ReadOptions(ReadOnlySpan<byte> message, int position)
    {
        int payload = 0;
        for (int left = Count(message, 6) + Count(message, 8) + Count(message, 10); left > 0; left--)
        {
            const int fixedBytes = 10;
            if (DnsName.Read(message, ref position) is null || message.Length - position < fixedBytes)
            {
                return null;
            }

            if (BinaryPrimitives.ReadUInt16BigEndian(message[position..]) == Opt)
            {
                payload = Math.Clamp((int)BinaryPrimitives.ReadUInt16BigEndian(message[(position + 2)..]), PlainUdpBytes, MostPayloadBytes);
            }

            int length = BinaryPrimitives.ReadUInt16BigEndian(message[(position + 8)..]);
            position += fixedBytes + length;
            if (position > message.Length)
            {
                return null;
            }
        }

        return payload;
    }

    private static int Count(ReadOnlySpan<byte> message, int offset) => BinaryPrimitives.ReadUInt16BigEndian(message[offset..]);
}
