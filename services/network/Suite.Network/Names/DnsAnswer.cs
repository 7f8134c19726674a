using System.Buffers.Binary;
using System.Net;
using System.Net.Sockets;

namespace Suite.Network.Names;

/// <summary>Writes answers: the header and question as they came, records, and an OPT record where the client sent one.</summary>
internal static class DnsAnswer
{
    private const uint TimeToLive = 0; // a sandbox's address is another's tomorrow, and asking us costs next to nothing
    private const byte Answer = 0x80; // QR
    private const byte Authoritative = 0x04;
    private const byte Truncated = 0x02;
    private const byte RecursionAvailable = 0x80;
    private const int QuestionPointer = 0xc00c; // the name right behind the header
    private static readonly byte[] Options = [0, 0, 41, 0x10, 0, 0, 0, 0, 0, 0, 0]; // root, OPT, 4096 bytes, no flags

    /// <summary>An answer with addresses, or with none: the name exists, and has none of this kind.</summary>
    public static byte[] Addresses(ReadOnlySpan<byte> query, DnsQuestion question, IEnumerable<IPAddress> addresses, int limit) => Write(
        query, question, DnsCode.NoError, limit,
        addresses.Select(address => Record(address.AddressFamily == AddressFamily.InterNetworkV6 ? DnsQuestion.Aaaa : DnsQuestion.A, address.GetAddressBytes())));

    public static byte[] Name(ReadOnlySpan<byte> query, DnsQuestion question, string name, int limit) =>
        Write(query, question, DnsCode.NoError, limit, [Record(DnsQuestion.Ptr, DnsName.Write(name))]);

    public static byte[] Failure(ReadOnlySpan<byte> query, DnsQuestion question, DnsCode code) => Write(query, question, code, int.MaxValue, []);

    /// <summary>To what could not be read: its number and the code.</summary>
    public static byte[] Failure(ReadOnlySpan<byte> query, DnsCode code)
    {
        var answer = new byte[DnsMessage.HeaderBytes];
        query[..2].CopyTo(answer);
        answer[2] = (byte)(Answer | (query[2] & 0x79));
        answer[3] = (byte)(RecursionAvailable | (byte)code);
        return answer;
    }

    private static byte[] Write(ReadOnlySpan<byte> query, DnsQuestion question, DnsCode code, int limit, IEnumerable<byte[]> records)
    {
        var answer = new List<byte>(DnsMessage.PlainUdpBytes);
        answer.AddRange(query[..question.End]);
        int room = limit - (question.HasOptions ? Options.Length : 0);
        bool cut = false;
        ushort count = 0;
        foreach (byte[] record in records)
        {
            if (answer.Count + record.Length > room)
            {
                cut = true;
                break;
            }

            answer.AddRange(record);
            count++;
        }

        if (question.HasOptions)
        {
            answer.AddRange(Options);
        }

        byte[] message = [.. answer];
        message[2] = (byte)(Answer | Authoritative | (cut ? Truncated : 0) | (question.RecursionDesired ? 1 : 0));
        message[3] = (byte)(RecursionAvailable | (byte)code);
        BinaryPrimitives.WriteUInt16BigEndian(message.AsSpan(6), count);
        BinaryPrimitives.WriteUInt16BigEndian(message.AsSpan(8), 0);
        BinaryPrimitives.WriteUInt16BigEndian(message.AsSpan(10), (ushort)(question.HasOptions ? 1 : 0));
        return message;
    }

    private static byte[] Record(ushort type, byte[] data)
    {
        var record = new byte[12 + data.Length];
        BinaryPrimitives.WriteUInt16BigEndian(record, QuestionPointer);
        BinaryPrimitives.WriteUInt16BigEndian(record.AsSpan(2), type);
        BinaryPrimitives.WriteUInt16BigEndian(record.AsSpan(4), DnsQuestion.Internet);
        BinaryPrimitives.WriteUInt32BigEndian(record.AsSpan(6), TimeToLive);
        BinaryPrimitives.WriteUInt16BigEndian(record.AsSpan(10), (ushort)data.Length);
        data.CopyTo(record, 12);
        return record;
    }
}
