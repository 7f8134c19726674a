using System.Buffers.Binary;

namespace Suite.Runtime.Spdy;

/// <summary>The kinds of control frames, SPDY/3.1 section 2.6.</summary>
internal enum FrameKind : ushort
{
    /// <summary>Not a control frame.</summary>
    Data = 0,
    SynStream = 1,
    SynReply = 2,
    RstStream = 3,
    Settings = 4,
    Ping = 6,
    GoAway = 7,
    Headers = 8,
    WindowUpdate = 9,
}

/// <summary>Why a stream is reset, section 2.6.3.</summary>
internal enum ResetReason : uint
{
    ProtocolError = 1,
    RefusedStream = 3,
    Cancel = 5,
}

/// <summary>The eight bytes that every frame begins with.</summary>
/// <param name="StreamId">Of a data frame; 0 for a control frame, which has it in its body.</param>
/// <param name="Length">Of what follows.</param>
internal readonly record struct FrameHeader(FrameKind Kind, uint StreamId, byte Flags, int Length)
{
    public const int Size = 8;
    public const byte Fin = 1;

    /// <summary>SPDY/3.1 calls itself 3 on the wire.</summary>
    private const ushort Version = 3;
    private const uint ControlBit = 0x8000_0000;

    public bool IsFin => (Flags & Fin) != 0;

    /// <exception cref="SpdyException">A control frame of another version.</exception>
    public static FrameHeader Read(ReadOnlySpan<byte> bytes)
    {
        var first = BinaryPrimitives.ReadUInt32BigEndian(bytes);
        var second = BinaryPrimitives.ReadUInt32BigEndian(bytes[4..]);
        var (flags, length) = ((byte)(second >> 24), (int)(second & 0xFF_FFFF));
        if ((first & ControlBit) == 0)
            return new FrameHeader(FrameKind.Data, first, flags, length);
        var version = (first & ~ControlBit) >> 16;
        return version == Version
            ? new FrameHeader((FrameKind)(ushort)first, 0, flags, length)
            : throw new SpdyException($"a frame of SPDY version {version}, where 3 was agreed");
    }

    public void Write(Span<byte> bytes)
    {
        BinaryPrimitives.WriteUInt32BigEndian(bytes, Kind == FrameKind.Data ? StreamId : ControlBit | ((uint)Version << 16) | (ushort)Kind);
        BinaryPrimitives.WriteUInt32BigEndian(bytes[4..], ((uint)Flags << 24) | (uint)Length);
    }
}
