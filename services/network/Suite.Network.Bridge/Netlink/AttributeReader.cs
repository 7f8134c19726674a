using System.Buffers.Binary;
using System.Text;

namespace Suite.Network.Bridge.Netlink;

/// <summary>Walks the attributes of a message or of a nest, with the same care for lengths as <see cref="NetlinkReader"/>.</summary>
internal ref struct AttributeReader(ReadOnlySpan<byte> attributes)
{
    private const ushort TypeMask = 0x3fff;

    private ReadOnlySpan<byte> _rest = attributes;

    public ushort Type { get; private set; }

    public ReadOnlySpan<byte> Value { get; private set; }

    public bool Next()
    {
        if (_rest.IsEmpty)
        {
            return false;
        }

        if (_rest.Length < 4)
        {
            throw NetlinkReader.Malformed($"an attribute header of {_rest.Length} bytes");
        }

        int length = BinaryPrimitives.ReadUInt16LittleEndian(_rest);
        if (length < 4 || length > _rest.Length)
        {
            throw NetlinkReader.Malformed($"an attribute that claims {length} of {_rest.Length} bytes");
        }

        Type = (ushort)(BinaryPrimitives.ReadUInt16LittleEndian(_rest[2..]) & TypeMask);
        Value = _rest[4..length];
        _rest = _rest[Math.Min((length + 3) & ~3, _rest.Length)..];
        return true;
    }

    public readonly uint UInt32() => Value.Length >= 4
        ? BinaryPrimitives.ReadUInt32LittleEndian(Value)
        : throw NetlinkReader.Malformed($"a number of {Value.Length} bytes where 4 are needed");

    public readonly string Text()
    {
        int end = Value.IndexOf((byte)0);
        return Encoding.UTF8.GetString(end < 0 ? Value : Value[..end]);
    }

    public readonly AttributeReader Nest() => new(Value);
}
