using System.Buffers.Binary;
using System.Net;
using System.Text;

namespace Suite.Network.Bridge.Netlink;

/// <summary>
/// Writes netlink messages one behind the other into one buffer, as one send takes them (netlink(7)). Headers and lengths are
/// in the host's byte order; attribute values as the subsystem wants them: rtnetlink the host's, nf_tables big-endian.
/// </summary>
internal sealed class NetlinkWriter
{
    private const int HeaderBytes = 16;
    private const ushort NLA_F_NESTED = 0x8000;

    private byte[] _buffer = new byte[1024];
    private int _length;
    private int _message = -1;

    public ReadOnlySpan<byte> Written
    {
        get
        {
            EndMessage();
            return _buffer.AsSpan(0, _length);
        }
    }

    /// <summary>How many messages were begun since <see cref="Clear"/>.</summary>
    public int Count { get; private set; }

    public void Clear()
    {
        _length = 0;
        _message = -1;
        Count = 0;
    }

    /// <summary>Begins a message: nlmsghdr, then the family's own header, padded to 4.</summary>
    public void Message(ushort type, ushort flags, uint sequence, ReadOnlySpan<byte> familyHeader)
    {
        EndMessage();
        Count++;
        _message = _length;
        var header = Take(HeaderBytes);
        BinaryPrimitives.WriteUInt16LittleEndian(header[4..], type);
        BinaryPrimitives.WriteUInt16LittleEndian(header[6..], flags);
        BinaryPrimitives.WriteUInt32LittleEndian(header[8..], sequence);
        familyHeader.CopyTo(Take(familyHeader.Length));
    }

    public void Put(ushort type, ReadOnlySpan<byte> value)
    {
        var attribute = Take(4 + value.Length);
        BinaryPrimitives.WriteUInt16LittleEndian(attribute, checked((ushort)(4 + value.Length)));
        BinaryPrimitives.WriteUInt16LittleEndian(attribute[2..], type);
        value.CopyTo(attribute[4..]);
    }

    public void Put(ushort type, byte value) => Put(type, [value]);

    public void Put(ushort type, uint value)
    {
        Span<byte> bytes = stackalloc byte[4];
        BinaryPrimitives.WriteUInt32LittleEndian(bytes, value);
        Put(type, bytes);
    }

    public void Put(ushort type, int value) => Put(type, unchecked((uint)value));

    public void PutBigEndian(ushort type, uint value)
    {
        Span<byte> bytes = stackalloc byte[4];
        BinaryPrimitives.WriteUInt32BigEndian(bytes, value);
        Put(type, bytes);
    }

    /// <summary>A string with its terminating zero, which the kernel's NLA_STRING and NLA_NUL_STRING both take.</summary>
    public void Put(ushort type, string value) => Put(type, Encoding.UTF8.GetBytes(value + '\0'));

    public void Put(ushort type, IPAddress address) => Put(type, address.GetAddressBytes());

    /// <summary>Bytes without an attribute header: a header that the kernel wants inside a nest, as veth's peer has.</summary>
    public void Raw(ReadOnlySpan<byte> bytes) => bytes.CopyTo(Take(bytes.Length));

    /// <summary>Everything that is put until the result is disposed is inside the attribute <paramref name="type"/>.</summary>
    public Nested Nest(ushort type)
    {
        int start = _length;
        var attribute = Take(4);
        BinaryPrimitives.WriteUInt16LittleEndian(attribute[2..], (ushort)(type | NLA_F_NESTED));
        return new Nested(this, start);
    }

    internal readonly ref struct Nested(NetlinkWriter writer, int start)
    {
        public void Dispose() => BinaryPrimitives.WriteUInt16LittleEndian(
            writer._buffer.AsSpan(start),
            checked((ushort)(writer._length - start)));
    }

    private void EndMessage()
    {
        if (_message >= 0)
        {
            BinaryPrimitives.WriteUInt32LittleEndian(_buffer.AsSpan(_message), (uint)(_length - _message));
        }
    }

    /// <summary>The next bytes, zeroed; what follows them starts at a multiple of 4 (NLMSG_ALIGN, NLA_ALIGN).</summary>
    private Span<byte> Take(int count)
    {
        int aligned = (count + 3) & ~3;
        if (_length + aligned > _buffer.Length)
        {
            Array.Resize(ref _buffer, Math.Max(_buffer.Length * 2, _length + aligned));
        }

        var taken = _buffer.AsSpan(_length, aligned);
        taken.Clear();
        _length += aligned;
        return taken[..count];
    }
}
