using Suite.Linux.Errors;

namespace Suite.Image.Graph.Tar;

/// <summary>
/// Reads an archive from a stream in one pass: ustar, pax with binary values, GNU long names and sparse files. Content is handed out as
/// spans of the read buffer, so that it is not copied between the decompressor and write(2).
/// System.Formats.Tar is not used because it decodes pax values as UTF-8, which destroys security.capability.
/// </summary>
internal sealed class TarReader(Stream source, TarLimits? limits = null)
{
    private readonly TarLimits _limits = limits ?? TarLimits.Default;
    private readonly TarInput _input = new(source);
    private SparseBody? _sparse;
    private long _sparseBytes;
    private long _entries;
    private bool _ended;

    /// <summary>The next entry, or null at the end of the archive. Content of the last one that was not read is skipped.</summary>
    public TarEntry? Next()
    {
        if (_ended) return null;
        _input.SkipBody();
        _sparse = null;
        byte[]? longName = null, longLink = null, pax = null;
        while (true)
        {
            var block = _input.Block();
            if (block.IsEmpty || TarHeader.IsZero(block))
            {
                _ended = true;
                if (longName is not null || longLink is not null || pax is not null) throw TarInput.Truncated("after an extended header");
                return null;
            }

            var entry = new TarEntry();
            var flag = TarHeader.Read(block, entry, out var size);
            if (++_entries > _limits.MaxEntries)
                throw new SuiteException(ErrorKind.ResourceExhausted, $"The layer has more than {_limits.MaxEntries} entries, which is the limit.");
            switch (flag)
            {
                case (byte)'x': pax = Extended(size, "pax header"); continue;
                case (byte)'g': Extended(size, "global pax header"); continue; // says nothing that a layer uses
                case (byte)'L': longName = TarField.Text(Extended(size, "long name")).ToArray(); continue;
                case (byte)'K': longLink = TarField.Text(Extended(size, "long link name")).ToArray(); continue;
            }

            if (longName is not null) entry.Name = longName;
            if (longLink is not null) entry.LinkName = longLink;
            PaxSparse? sparse = null;
            if (pax is not null) size = PaxRecords.Apply(pax, entry, out sparse) ?? size;
            if (flag == GnuSparse.Flag) ReadGnuSparse(block, entry, size);
            else Finish(entry, flag, size);
            if (sparse is not null) ReadPaxSparse(sparse, entry);
            return entry;
        }
    }

    /// <summary>The next piece of the current entry's content, holes as zeros; empty at its end. Valid until the next call.</summary>
    public ReadOnlySpan<byte> ReadBody() => _sparse is null ? _input.ReadBody() : _sparse.Read();

    /// <summary>The same for those who make holes; one file is read by one of the two.</summary>
    /// <param name="hole">Bytes of zeros before the piece, or after the last one.</param>
    public ReadOnlySpan<byte> ReadBody(out long hole)
    {
        hole = 0;
        return _sparse is null ? _input.ReadBody() : _sparse.Read(out hole);
    }

    /// <summary>Reads what follows the archive's end: padding counts for the digest of the layer.</summary>
    public void Drain() => _input.Drain();

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
            GnuSparse.Flag => TarEntryType.File,
            _ => throw new SuiteException(
                ErrorKind.Unsupported, $"The tar entry '{entry.ShownName}' has the type '{(char)flag}', which is not supported."),
        };
        if (entry.Name.Length > _limits.MaxName || entry.LinkName.Length > _limits.MaxName)
            throw new SuiteException(ErrorKind.Corrupt, $"The tar entry '{entry.ShownName}' has a name longer than {_limits.MaxName} bytes.");

        // Only files have content; some writers leave a size on links.
        entry.Size = entry.Type == TarEntryType.File ? size : 0;
        _input.BeginBody(entry.Size);
    }

    private void ReadGnuSparse(ReadOnlySpan<byte> block, TarEntry entry, long size)
    {
        var map = new SparseMap(_limits);
        var length = GnuSparse.RealSize(block);
        for (var more = GnuSparse.ReadHeader(block, map); more;)
        {
            var extension = _input.Block();
            if (extension.IsEmpty) throw TarInput.Truncated("within the map of a sparse file");
            more = GnuSparse.ReadExtension(extension, map);
        }

        Finish(entry, GnuSparse.Flag, size);
        Spread(entry, map, length);
    }

    private void ReadPaxSparse(PaxSparse sparse, TarEntry entry)
    {
        if (!sparse.IsKnown)
            throw new SuiteException(ErrorKind.Unsupported, $"The tar entry '{entry.ShownName}' is a sparse file of the format {sparse.Version}, which is not known.");
        var length = sparse.RealSize ?? throw SparseMap.Bad("the file's length is missing");
        Spread(entry, sparse.IsMapInContent ? SparseMap.Read(_input, _limits) : sparse.Map(_limits), length);
    }

    /// <summary>Gives a file its holes.</summary>
    private void Spread(TarEntry entry, SparseMap map, long length)
    {
        if (entry.Type != TarEntryType.File) throw SparseMap.Bad($"'{entry.ShownName}' is no file");
        map.Check(length, _input.BodyLeft);
        if (length > _limits.MaxSparseBytes - _sparseBytes)
            throw new SuiteException(
                ErrorKind.ResourceExhausted, $"With '{entry.ShownName}' of {length} bytes the layer's sparse files are longer than {_limits.MaxSparseBytes} bytes, which is the limit.");
        _sparseBytes += length;
        entry.Size = length;
        _sparse = new SparseBody(_input, map, length);
    }

    private byte[] Extended(long size, string what)
    {
        if (size > _limits.MaxExtendedHeader)
            throw new SuiteException(ErrorKind.Corrupt, $"The tar stream has a {what} of {size} bytes; {_limits.MaxExtendedHeader} are allowed.");
        var content = new byte[size];
        _input.BeginBody(size);
        for (var at = 0; at < size;)
        {
            var piece = _input.ReadBody();
            piece.CopyTo(content.AsSpan(at));
            at += piece.Length;
        }

        _input.SkipBody();
        return content;
    }
}
