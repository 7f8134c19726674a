using System.Buffers.Binary;

namespace Suite.Network.Names;

/// <summary>Messages over TCP: two bytes of length, then the message (RFC 1035, 4.2.2).</summary>
internal static class TcpMessage
{
    /// <returns>Null at the end of the stream, or when the length is not one that a message can have.</returns>
    public static async Task<byte[]?> ReadAsync(Stream stream, int longest, CancellationToken cancellationToken)
    {
        var prefix = new byte[2];
        if (await stream.ReadAtLeastAsync(prefix, prefix.Length, throwOnEndOfStream: false, cancellationToken) < prefix.Length)
        {
            return null;
        }

        int length = BinaryPrimitives.ReadUInt16BigEndian(prefix);
        if (length < DnsMessage.HeaderBytes || length > longest)
        {
            return null;
        }

        var message = new byte[length];
        return await stream.ReadAtLeastAsync(message, length, throwOnEndOfStream: false, cancellationToken) == length ? message : null;
    }

    public static async Task WriteAsync(Stream stream, byte[] message, CancellationToken cancellationToken)
    {
        // In one piece: two would be two packets.
        var framed = new byte[2 + message.Length];
        BinaryPrimitives.WriteUInt16BigEndian(framed, checked((ushort)message.Length));
        message.CopyTo(framed, 2);
        await stream.WriteAsync(framed, cancellationToken);
    }
}
