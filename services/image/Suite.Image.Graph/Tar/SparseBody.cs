namespace Suite.Image.Graph.Tar;

/// <summary>The content of a sparse file: pieces, which the archive has, and holes before, between and after them.</summary>
/// <param name="length">Of the file, holes included.</param>
internal sealed class SparseBody(TarInput input, SparseMap map, long length)
{
    private static readonly byte[] Zeros = new byte[64 * 1024];

    private long _position;
    private long _pieceLeft;
    private long _zerosLeft;

    /// <summary>The next piece, and the length of the hole before it; at the end nothing, and the length of the last hole.</summary>
    public ReadOnlySpan<byte> Read(out long hole)
    {
        hole = SkipHole();
        return ReadPiece();
    }

    /// <summary>The same for readers that want zeros.</summary>
    public ReadOnlySpan<byte> Read()
    {
        if (_zerosLeft == 0) _zerosLeft = SkipHole();
        if (_zerosLeft == 0) return ReadPiece();
        var zeros = (int)Math.Min(_zerosLeft, Zeros.Length);
        _zerosLeft -= zeros;
        return Zeros.AsSpan(0, zeros);
    }

    /// <summary>Goes on to the next piece, if the last one was read.</summary>
    private long SkipHole()
    {
        if (_pieceLeft > 0) return 0;
        if (!map.Next(out var offset, out _pieceLeft)) offset = length;
        var hole = offset - _position;
        _position = offset;
        return hole;
    }

    private ReadOnlySpan<byte> ReadPiece()
    {
        var piece = input.ReadBody(_pieceLeft);
        _pieceLeft -= piece.Length;
        _position += piece.Length;
        return piece;
    }
}
