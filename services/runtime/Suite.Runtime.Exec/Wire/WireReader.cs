using System.Buffers.Binary;
using System.Text;
using Suite.Linux.Errors;

namespace Suite.Runtime.Exec.Wire;

/// <summary>Reads what <see cref="WireWriter"/> wrote. Every length is checked against what is there.</summary>
internal ref struct WireReader
{
    private ReadOnlySpan<byte> _rest;

    public WireReader(ReadOnlySpan<byte> bytes)
    {
        _rest = bytes;
    }

    public readonly bool AtEnd => _rest.IsEmpty;

    public readonly ReadOnlySpan<byte> Rest => _rest;

    /// <returns>Whether these bytes came next; they have been read then.</returns>
    public bool TrySkip(ReadOnlySpan<byte> bytes)
    {
        if (!_rest.StartsWith(bytes))
            return false;
        _rest = _rest[bytes.Length..];
        return true;
    }

    public byte Byte() => Take(1)[0];

    public bool Bool() => Byte() != 0;

    public int Int() => BinaryPrimitives.ReadInt32LittleEndian(Take(4));

    public uint UInt() => BinaryPrimitives.ReadUInt32LittleEndian(Take(4));

    public long Long() => BinaryPrimitives.ReadInt64LittleEndian(Take(8));

    public ulong ULong() => BinaryPrimitives.ReadUInt64LittleEndian(Take(8));

    public long? OptionalLong() => Bool() ? Long() : null;

    public string String() => Encoding.UTF8.GetString(Take(Int()));

    public byte[] Bytes() => Take(Int()).ToArray();

    public string? OptionalString() => Bool() ? String() : null;

    public string[] Strings()
    {
        // A string has a length of four bytes at least, which bounds what a wrong count can make us allocate.
        var count = Count(elementSize: 4);
        var values = new string[count];
        for (var i = 0; i < count; i++)
            values[i] = String();

        return values;
    }

    public int Count(int elementSize)
    {
        var count = Int();
        if (count < 0 || count > _rest.Length / elementSize)
            throw Truncated();

        return count;
    }

    private ReadOnlySpan<byte> Take(int size)
    {
        if ((uint)size > (uint)_rest.Length)
            throw Truncated();

        var taken = _rest[..size];
        _rest = _rest[size..];
        return taken;
    }

    private static SuiteException Truncated() =>
        new(ErrorKind.InvalidArgument, "read a message of the shim: it ends before its last field; both sides must be of one version of Suite");
}
