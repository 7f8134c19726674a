using Suite.Linux.Errors;

namespace Suite.Image.Graph.Tar;

/// <summary>Where the pieces of a sparse file's content belong: offset and length each, ascending. What is between is a hole.</summary>
internal sealed class SparseMap(TarLimits limits)
{
    private readonly List<(long Offset, long Length)> _pieces = [];
    private int _next;

    /// <summary>Bytes of all pieces: what the archive has of the file.</summary>
    public long Stored { get; private set; }

    private long End => _pieces.Count == 0 ? 0 : _pieces[^1].Offset + _pieces[^1].Length;

    /// <summary>Reads the map that pax 1.0 has before the content: the number of pieces, then their numbers, a line each, padded to a block.</summary>
    public static SparseMap Read(TarInput input, TarLimits limits)
    {
        var before = input.BodyLeft;
        var map = new SparseMap(limits);
        for (var pieces = Line(input); pieces > 0; pieces--) map.Add(Line(input), Line(input));
        for (var rest = TarInput.Padding(before - input.BodyLeft); rest > 0;)
        {
            var padding = input.ReadBody(rest);
            if (padding.IsEmpty) throw Bad("the end is missing");
            rest -= padding.Length;
        }

        return map;
    }

    public void Add(long offset, long length)
    {
        if (_pieces.Count == limits.MaxSparsePieces) throw Bad($"it has more than {limits.MaxSparsePieces} pieces");
        if (length < 0 || offset < End || offset > long.MaxValue - length) throw Bad("its pieces overlap, or do not ascend");
        _pieces.Add((offset, length));
        Stored += length;
    }

    /// <summary>To be called when all is added.</summary>
    public void Check(long realSize, long stored)
    {
        if (End > realSize) throw Bad($"its pieces end at {End}, after the file's end at {realSize}");
        if (Stored != stored) throw Bad($"its pieces are {Stored} bytes and its content {stored}");
    }

    /// <summary>The next piece that is not empty.</summary>
    public bool Next(out long offset, out long length)
    {
        while (_next < _pieces.Count)
        {
            (offset, length) = _pieces[_next++];
            if (length > 0) return true;
        }

        (offset, length) = (0, 0);
        return false;
    }

    private static long Line(TarInput input)
    {
        long number = 0;
        for (var digits = 0; ; digits++)
        {
            var character = input.ReadBody(1);
            if (character.IsEmpty) throw Bad("the end is missing");
            if (character[0] == (byte)'\n' && digits > 0) return number;
            if (character[0] is < (byte)'0' or > (byte)'9' || number > (long.MaxValue - 9) / 10) throw Bad("a line is not a number");
            number = (number * 10) + character[0] - '0';
        }
    }

    public static SuiteException Bad(string why) => new(ErrorKind.Corrupt, $"The tar stream is damaged: of the map of a sparse file {why}.");
}
