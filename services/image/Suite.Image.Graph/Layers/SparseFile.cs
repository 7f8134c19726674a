using Suite.Linux.Native;

namespace Suite.Image.Graph.Layers;

/// <summary>Writes a file from its start and leaves out blocks of zeros, so that holes that an archive filled are holes again.</summary>
/// <param name="file">Open and empty.</param>
internal ref struct SparseFile(int file)
{
    /// <summary>A smaller hole is not worth a call, and costs the file system an extent.</summary>
    private const int Block = 64 * 1024;

    private long _length;
    private long _position;

    /// <returns>0, or the negated errno.</returns>
    public int Append(ReadOnlySpan<byte> content)
    {
        while (!content.IsEmpty)
        {
            var zeros = Leading(content, zero: true);
            _length += zeros;
            content = content[zeros..];
            var data = Leading(content, zero: false);
            if (data == 0) continue;
            var result = Write(content[..data]);
            if (result < 0) return result;
            content = content[data..];
        }

        return 0;
    }

    /// <summary>Goes on at a position further on; what is between is a hole.</summary>
    public void Skip(long length) => _length += length;

    /// <summary>Gives the file the length that it would have with its last hole.</summary>
    public readonly int Finish() => _length == _position ? 0 : FileContent.SetLength(file, _length);

    private int Write(ReadOnlySpan<byte> content)
    {
        if (_position != _length)
        {
            var moved = FileContent.Seek(file, _length, FileContent.SEEK_SET);
            if (moved < 0) return (int)moved;
        }

        _length = _position = _length + content.Length;
        return FileCalls.WriteAll(file, content);
    }

    /// <summary>How many bytes at the start are whole blocks of zeros, or up to the next such block.</summary>
    private static int Leading(ReadOnlySpan<byte> content, bool zero)
    {
        var at = 0;
        while (content.Length - at >= Block && content.Slice(at, Block).ContainsAnyExcept((byte)0) != zero) at += Block;
        // What is left is less than a block, and is data; or it begins with the other kind.
        return zero || content.Length - at >= Block ? at : content.Length;
    }
}
