using System.Buffers.Binary;

namespace Suite.Network.Bridge.Netlink;

/// <summary>The kernel's answer to one message: errno (0: done) and, from kernels and paths that give it, a sentence.</summary>
internal readonly record struct Acknowledgement(uint Sequence, int Errno, string? Text)
{
    private const ushort NLM_F_CAPPED = 0x100;
    private const ushort NLM_F_ACK_TLVS = 0x200;
    private const ushort NLMSGERR_ATTR_MSG = 1;

    /// <summary>Reads struct nlmsgerr: the error, the header of the request it answers, its payload unless capped, then attributes.</summary>
    public static Acknowledgement Read(NetlinkReader message)
    {
        const int fixedBytes = 4 + 16;
        var body = message.Body;
        if (body.Length < fixedBytes)
        {
            throw NetlinkReader.Malformed($"an acknowledgement of {body.Length} bytes");
        }

        int error = BinaryPrimitives.ReadInt32LittleEndian(body);
        if (error is > 0 or < -4095)
        {
            throw NetlinkReader.Malformed($"the error number {error}");
        }

        return new Acknowledgement(message.Sequence, -error, (message.Flags & NLM_F_ACK_TLVS) == 0 ? null : ReadText(message, fixedBytes));
    }

    private static string? ReadText(NetlinkReader message, int fixedBytes)
    {
        uint skip = 0;
        if ((message.Flags & NLM_F_CAPPED) == 0)
        {
            uint requestLength = BinaryPrimitives.ReadUInt32LittleEndian(message.Body[4..]);
            if (requestLength < 16 || requestLength - 16 > message.Body.Length - fixedBytes)
            {
                throw NetlinkReader.Malformed($"an echoed request that claims {requestLength} bytes");
            }

            skip = Math.Min((requestLength - 16 + 3) & ~3u, (uint)(message.Body.Length - fixedBytes));
        }

        var attributes = message.Attributes(fixedBytes + (int)skip);
        while (attributes.Next())
        {
            if (attributes.Type == NLMSGERR_ATTR_MSG)
            {
                return attributes.Text();
            }
        }

        return null;
    }
}
