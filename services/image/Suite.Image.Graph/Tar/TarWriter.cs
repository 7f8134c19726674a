using System.Globalization;
using System.Text;

namespace Suite.Image.Graph.Tar;

/// <summary>
/// Writes an archive: ustar where a header can hold everything, with a pax header before it where not. The same entries give the
/// same bytes, as the digest of a layer depends on them.
/// </summary>
internal sealed class TarWriter(Stream target)
{
    private static readonly byte[] Zeros = new byte[TarHeader.BlockSize];
    private long _bodyLeft;
    private long _bodySize;

    /// <summary>Starts an entry; <see cref="Write"/> must follow with exactly its size.</summary>
    public void Begin(TarEntry entry)
    {
        EndBody();
        WriteExtended(entry);
        Span<byte> block = stackalloc byte[TarHeader.BlockSize];
        FillHeader(block, entry.Name, entry.LinkName, Flag(entry.Type), entry.Mode, entry.User, entry.Group, entry.Size, entry.ModifiedSeconds);
        if (entry.Type is TarEntryType.CharacterDevice or TarEntryType.BlockDevice)
        {
            Octal(block.Slice(329, 8), entry.DeviceMajor);
            Octal(block.Slice(337, 8), entry.DeviceMinor);
        }

        Seal(block);
        target.Write(block);
        _bodySize = _bodyLeft = entry.Size;
    }

    public void Write(ReadOnlySpan<byte> content)
    {
        ArgumentOutOfRangeException.ThrowIfGreaterThan(content.Length, _bodyLeft);
        target.Write(content);
        _bodyLeft -= content.Length;
    }

    /// <summary>Ends the archive with its two zero blocks. The stream stays open.</summary>
    public void Finish()
    {
        EndBody();
        target.Write(Zeros);
        target.Write(Zeros);
    }

    private void EndBody()
    {
        ArgumentOutOfRangeException.ThrowIfNotEqual(_bodyLeft, 0);
        target.Write(Zeros.AsSpan(0, (int)(-_bodySize & (TarHeader.BlockSize - 1))));
        _bodySize = 0;
    }

    private void WriteExtended(TarEntry entry)
    {
        var records = new MemoryStream();
        // Keys in one order, whatever order they came in.
        if (entry.LinkName.Length > 100) Record(records, "linkpath"u8, entry.LinkName);
        if (entry.ModifiedNanoseconds != 0 || entry.ModifiedSeconds is < 0 or > MaxOctal11)
            Record(records, "mtime"u8, Time(entry.ModifiedSeconds, entry.ModifiedNanoseconds));
        if (entry.Name.Length > 100) Record(records, "path"u8, entry.Name);
        if (entry.Size > MaxOctal11) Record(records, "size"u8, Number(entry.Size));
        if (entry.User > MaxOctal7) Record(records, "uid"u8, Number(entry.User));
        if (entry.Group > MaxOctal7) Record(records, "gid"u8, Number(entry.Group));
        foreach (var (name, value) in entry.Xattrs.OrderBy(x => Encoding.Latin1.GetString(x.Name), StringComparer.Ordinal))
            Record(records, [.. "SCHILY.xattr."u8, .. name], value);
        if (records.Length == 0) return;

        Span<byte> block = stackalloc byte[TarHeader.BlockSize];
        FillHeader(block, "PaxHeaders/entry"u8, default, (byte)'x', 0x1A4, 0, 0, records.Length, 0);
        Seal(block);
        target.Write(block);
        target.Write(records.GetBuffer().AsSpan(0, (int)records.Length));
        target.Write(Zeros.AsSpan(0, (int)(-records.Length & (TarHeader.BlockSize - 1))));
    }

    private const long MaxOctal11 = (1L << 33) - 1;
    private const long MaxOctal7 = (1L << 21) - 1;

    /// <summary>Nanoseconds count forwards from the second below; the text counts from zero: -2 s and 500 ms is -1.5.</summary>
    private static byte[] Time(long seconds, int nanoseconds)
    {
        var backwards = seconds < 0 && nanoseconds > 0;
        var (whole, rest) = backwards ? (-(seconds + 1), 1_000_000_000 - nanoseconds) : (seconds, nanoseconds);
        var fraction = rest == 0 ? "" : string.Create(CultureInfo.InvariantCulture, $".{rest:D9}");
        return Encoding.ASCII.GetBytes(string.Create(CultureInfo.InvariantCulture, $"{(backwards ? "-" : "")}{whole}{fraction}"));
    }

    private static byte[] Number(long value) => Encoding.ASCII.GetBytes(value.ToString(CultureInfo.InvariantCulture));

    private static void Record(MemoryStream into, ReadOnlySpan<byte> key, ReadOnlySpan<byte> value)
    {
        // The length counts its own digits.
        var rest = key.Length + value.Length + 3;
        var length = rest + Number(rest).Length;
        if (rest + Number(length).Length != length) length = rest + Number(length).Length;
        into.Write(Number(length));
        into.WriteByte((byte)' ');
        into.Write(key);
        into.WriteByte((byte)'=');
        into.Write(value);
        into.WriteByte((byte)'\n');
    }

    private static void FillHeader(
        Span<byte> block, ReadOnlySpan<byte> name, ReadOnlySpan<byte> link, byte flag, uint mode, uint user, uint group, long size, long time)
    {
        block.Clear();
        name[..Math.Min(100, name.Length)].CopyTo(block);
        Octal(block.Slice(100, 8), mode);
        Octal(block.Slice(108, 8), user > MaxOctal7 ? 0 : user);
        Octal(block.Slice(116, 8), group > MaxOctal7 ? 0 : group);
        Octal(block.Slice(124, 12), size > MaxOctal11 ? 0 : size);
        Octal(block.Slice(136, 12), Math.Clamp(time, 0, MaxOctal11));
        block[156] = flag;
        link[..Math.Min(100, link.Length)].CopyTo(block[157..]);
        "ustar\000"u8.CopyTo(block[257..]);
    }

    private static void Seal(Span<byte> block)
    {
        block.Slice(148, 8).Fill((byte)' ');
        var sum = 0;
        foreach (var b in block) sum += b;
        Octal(block.Slice(148, 7), sum);
    }

    /// <summary>Octal digits with leading zeros and a NUL at the end.</summary>
    private static void Octal(Span<byte> field, long value)
    {
        field[^1] = 0;
        for (var i = field.Length - 2; i >= 0; i--)
        {
            field[i] = (byte)('0' + (value & 7));
            value >>= 3;
        }
    }

    private static byte Flag(TarEntryType type) => type switch
    {
        TarEntryType.HardLink => (byte)'1',
        TarEntryType.SymbolicLink => (byte)'2',
        TarEntryType.CharacterDevice => (byte)'3',
        TarEntryType.BlockDevice => (byte)'4',
        TarEntryType.Directory => (byte)'5',
        TarEntryType.Fifo => (byte)'6',
        _ => (byte)'0',
    };
}
