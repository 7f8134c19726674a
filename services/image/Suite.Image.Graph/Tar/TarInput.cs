using Suite.Linux.Errors;

namespace Suite.Image.Graph.Tar;

/// <summary>
/// The bytes of an archive as headers, which are blocks, and bodies, which are as long as a header said and padded to a block. What it
/// hands out are spans of its own buffer, valid until the next call.
/// </summary>
internal sealed class TarInput(Stream source)
{
    private const int BufferSize = 256 * 1024;

    private readonly byte[] _buffer = GC.AllocateUninitializedArray<byte>(BufferSize);
    private int _start;
    private int _end;
    private int _padding;

    /// <summary>Bytes of the current body that were not read.</summary>
    public long BodyLeft { get; private set; }

    public void BeginBody(long size) => (BodyLeft, _padding) = (size, Padding(size));

    /// <summary>The next block, or nothing at the end of the stream: archives without the two zero blocks exist.</summary>
    public ReadOnlySpan<byte> Block()
    {
        if (!Fill(TarHeader.BlockSize)) return _start == _end ? default : throw Truncated("within a header");
        var block = _buffer.AsSpan(_start, TarHeader.BlockSize);
        _start += TarHeader.BlockSize;
        return block;
    }

    /// <summary>What comes next of the current body; nothing at its end.</summary>
    public ReadOnlySpan<byte> ReadBody(long most = long.MaxValue)
    {
        most = Math.Min(most, BodyLeft);
        if (most == 0) return default;
        if (_start == _end && !Fill(1)) throw Truncated("within the content of an entry");
        var piece = (int)Math.Min(most, _end - _start);
        var span = _buffer.AsSpan(_start, piece);
        _start += piece;
        BodyLeft -= piece;
        return span;
    }

    public void SkipBody()
    {
        while (!ReadBody().IsEmpty) { }
        if (_padding == 0) return;
        if (!Fill(_padding)) throw Truncated("within the padding of an entry");
        _start += _padding;
        _padding = 0;
    }

    /// <summary>Reads to the end of the stream.</summary>
    public void Drain()
    {
        SkipBody();
        do _start = _end;
        while (Fill(1));
    }

    public static int Padding(long size) => (int)(-size & (TarHeader.BlockSize - 1));

    public static SuiteException Truncated(string where) =>
        new(ErrorKind.Corrupt, $"The tar stream is truncated: it ends {where}.");

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
}
