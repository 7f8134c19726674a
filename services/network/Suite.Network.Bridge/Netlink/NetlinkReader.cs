using System.Buffers.Binary;
using Suite.Linux.Errors;

namespace Suite.Network.Bridge.Netlink;

/// <summary>
/// Reads the messages of one datagram. Every length is checked against what is there: a reply cut short, or one that claims
/// more than it brings, is an error and never a read beyond the end.
/// </summary>
internal ref struct NetlinkReader(ReadOnlySpan<byte> datagram)
{
    private const int HeaderBytes = 16;

    private ReadOnlySpan<byte> _rest = datagram;

    public ushort Type { get; private set; }

    public ushort Flags { get; private set; }

    public uint Sequence { get; private set; }

    /// <summary>The number of the socket that asked for it; of an announcement, of the one that made the change, 0 if nobody did.</summary>
    public uint Port { get; private set; }

    /// <summary>What follows the header: the family's own header and attributes.</summary>
    public ReadOnlySpan<byte> Body { get; private set; }

    public bool Next()
    {
        if (_rest.IsEmpty)
        {
            return false;
        }

        if (_rest.Length < HeaderBytes)
        {
            throw Malformed($"a message header of {_rest.Length} bytes");
        }

        uint length = BinaryPrimitives.ReadUInt32LittleEndian(_rest);
        if (length < HeaderBytes || length > _rest.Length)
        {
            throw Malformed($"a message that claims {length} of {_rest.Length} bytes");
        }

        Type = BinaryPrimitives.ReadUInt16LittleEndian(_rest[4..]);
        Flags = BinaryPrimitives.ReadUInt16LittleEndian(_rest[6..]);
        Sequence = BinaryPrimitives.ReadUInt32LittleEndian(_rest[8..]);
        Port = BinaryPrimitives.ReadUInt32LittleEndian(_rest[12..]);
        Body = _rest[HeaderBytes..(int)length];
        _rest = _rest[Math.Min((int)((length + 3) & ~3u), _rest.Length)..];
        return true;
    }

    /// <summary>The attributes behind a family header of <paramref name="headerBytes"/>.</summary>
    public readonly AttributeReader Attributes(int headerBytes) => Body.Length >= headerBytes
        ? new AttributeReader(Body[headerBytes..])
        : throw Malformed($"a body of {Body.Length} bytes where {headerBytes} are fixed");

    internal static SuiteException Malformed(string what) =>
        new(ErrorKind.Internal, $"read a netlink reply: it holds {what}, which no kernel sends; try again and report it if it lasts");
}
