using Suite.Linux.Errors;

namespace Suite.Image.Graph.Tar;

/// <summary>
/// Reads an archive from a stream in one pass: ustar, pax with binary values, GNU long names. Content is handed out as spans of
/// the read buffer, so that it is not copied between the decompressor and write(2).
/// System.Formats.Tar is not used because it decodes pax values as UTF-8, which destroys security.capability.
/// </summary>
internal sealed class TarReader(Stream source, TarLimits? limits = null)
{
    private const int BufferSize = 256 * 1024;

    private readonly TarLimits _limits = limits ?? TarLimits.Default;
    private readonly byte[] _buffer = GC.AllocateUninitializedArray<byte>(BufferSize);
    private int _start;
    private int _end;
    private long _bodyLeft;
    private int _padding;
    private long _entries;
    private bool _ended;

    /// <summary>The next entry, or null at the end of the archive. Content of the last one that was not read is skipped.</summary>
    public TarEntry? Next()
    {
        if (_ended) return null;
        SkipBody();
        byte[]? longName = null, longLink = null, pax = null;
        while (true)
        {
            var block = Block();
            if (block.IsEmpty || TarHeader.IsZero(block))
            {
                _ended = true;
                if (longName is not null || longLink is not null || pax is not null) throw Truncated("after an extended header");
                return null;
            }

            var entry = new TarEntry();
            var flag = TarHeader.Read(block, entry, out var size);
            if (++_entries > _limits.MaxEntries)
                throw new SuiteException(ErrorKind.ResourceExhausted, $"The layer has more than {_limits.MaxEntries} entries.");
            switch (flag)
            {
                case (byte)'x': pax = Extended(size, "pax header"); continue;
                case (byte)'g': Extended(size, "global pax header"); continue; // says nothing that a layer uses
                case (byte)'L': longName = TarField.Text(Extended(size, "long name")).ToArray(); continue;
                case (byte)'K': longLink = TarField.Text(Extended(size, "long link name")).ToArray(); continue;
            }

            if (longName is not null) entry.Name = longName;
            if (longLink is not null) entry.LinkName = longLink;
            if (pax is not null) size = PaxRecords.Apply(pax, entry) ?? size;
            Finish(entry, flag, size);
            return entry;
        }
    }

    /// <summary>The next piece of the current entry's content; empty at its end. Valid until the next call.</summary>
    public ReadOnlySpan<byte> ReadBody()
    {
        if (_bodyLeft == 0) return default;
        if (_start == _end && !Fill(1)) throw Truncated("within the content of an entry");
        var piece = (int)Math.Min(_bodyLeft, _end - _start);
        var span = _buffer.AsSpan(_start, piece);
        _start += piece;
        _bodyLeft -= piece;
        return span;
    }

    /// <summary>Reads what follows the archive's end: padding counts for the digest of the layer.</summary>
    public void Drain()
    {
        SkipBody();
        do _start = _end;
        while (Fill(1));
    }

    private void Finish(TarEntry entry, byte flag, long size)
    {
        entry.Type = flag switch
        {
            // v7 wrote directories as files whose name ends with a slash.
            0 or (byte)'0' or (byte)'7' => entry.Name.AsSpan().EndsWith("/"u8) ? TarEntryType.Directory : TarEntryType.File,
            (byte)'1' => TarEntryType.HardLink,
            (byte)'2' => TarEntryType.SymbolicLink,
            (byte)'3' => TarEntryType.CharacterDevice,
            (byte)'4' => TarEntryType.BlockDevice,
            (byte)'5' => TarEntryType.Directory,
            (byte)'6' => TarEntryType.Fifo,
            _ => throw new SuiteException(
                ErrorKind.Unsupported, $"The tar entry '{entry.ShownName}' has the type '{(char)flag}', which is not supported."),
        };
        if (entry.Name.Length > _limits.MaxName || entry.LinkName.Length > _limits.MaxName)
            throw new SuiteException(ErrorKind.Corrupt, $"The tar entry '{entry.ShownName}' has a name longer than {_limits.MaxName} bytes.");

        // Only files have content; some writers leave a size on links.
        entry.Size = entry.Type == TarEntryType.File ? size : 0;
        _bodyLeft = entry.Size;
        _padding = Padding(entry.Size);
    }

    private byte[] Extended(long size, string what)
    {
        if (size > _limits.MaxExtendedHeader)
            throw new SuiteException(ErrorKind.Corrupt, $"The tar stream has a {what} of {size} bytes; {_limits.MaxExtendedHeader} are allowed.");
        var content = new byte[size];
        _bodyLeft = size;
        _padding = Padding(size);
        for (var at = 0; at < size;)
        {
            var piece = ReadBody();
            piece.CopyTo(content.AsSpan(at));
            at += piece.Length;
        }

        SkipBody();
        return content;
    }

    private static int Padding(long size) => (int)(-size & (TarHeader.BlockSize - 1));

    private void SkipBody()
    {
        while (!ReadBody().IsEmpty) { }
        if (_padding == 0) return;
        if (!Fill(_padding)) throw Truncated("within the padding of an entry");
        _start += _padding;
        _padding = 0;
    }

    /// <summary>The next block, or nothing at the end of the stream: archives without the two zero blocks exist.</summary>
    private ReadOnlySpan<byte> Block()
    {
        if (!Fill(TarHeader.BlockSize)) return _start == _end ? default : throw Truncated("within a header");
        var block = _buffer.AsSpan(_start, TarHeader.BlockSize);
        _start += TarHeader.BlockSize;
        return block;
    }

    /// <summary>Makes at least <paramref name="count"/> bytes available.</summary>
    private bool Fill(int count)
    {
        if (_end - _start >= count) return true;
        _buffer.AsSpan(_start, _end - _start).CopyTo(_buffer);
        _end -= _start;
        _start = 0;
        while (_end < count)
        {
            var read = source.Read(_buffer.AsSpan(_end));
            if (read == 0) return false;
            _end += read;
        }

        return true;
    }

    private static SuiteException Truncated(string where) =>
        new(ErrorKind.Corrupt, $"The tar stream is truncated: it ends {where}.");
}
