using System.Buffers.Binary;
using System.Text;

namespace Suite.Runtime.Exec.Wire;

/// <summary>
/// Writes what crosses to a shim: little-endian numbers, strings and lists with their length first. Both sides are of one
/// build, or of two that know each other's <see cref="Protocol.Version"/>: there is no schema in the bytes.
/// </summary>
internal sealed class WireWriter
{
    private byte[] _buffer;
    private int _length;

    public WireWriter(int capacity = 256)
    {
        _buffer = new byte[capacity];
    }

    public ReadOnlySpan<byte> Written => _buffer.AsSpan(0, _length);

    public void Clear() => _length = 0;

    public void Byte(byte value) => Reserve(1)[0] = value;

    public void Bool(bool value) => Byte(value ? (byte)1 : (byte)0);

    public void Int(int value) => BinaryPrimitives.WriteInt32LittleEndian(Reserve(4), value);

    public void UInt(uint value) => BinaryPrimitives.WriteUInt32LittleEndian(Reserve(4), value);

    public void Long(long value) => BinaryPrimitives.WriteInt64LittleEndian(Reserve(8), value);

    public void ULong(ulong value) => BinaryPrimitives.WriteUInt64LittleEndian(Reserve(8), value);

    public void OptionalLong(long? value)
    {
        Bool(value.HasValue);
        if (value.HasValue)
            Long(value.Value);
    }

    public void String(string value)
    {
        var size = Encoding.UTF8.GetByteCount(value);
        Int(size);
        Encoding.UTF8.GetBytes(value, Reserve(size));
    }

    public void Bytes(ReadOnlySpan<byte> value)
    {
        Int(value.Length);
        value.CopyTo(Reserve(value.Length));
    }

    /// <summary>Null and the empty string are told apart.</summary>
    public void OptionalString(string? value)
    {
        Bool(value is not null);
        if (value is not null)
            String(value);
    }

    public void Strings(IReadOnlyList<string> values)
    {
        Int(values.Count);
        foreach (var value in values)
            String(value);
    }

    private Span<byte> Reserve(int size)
    {
        if (_length + size > _buffer.Length)
            Array.Resize(ref _buffer, Math.Max(_buffer.Length * 2, _length + size));

        var reserved = _buffer.AsSpan(_length, size);
        _length += size;
        return reserved;
    }
}
