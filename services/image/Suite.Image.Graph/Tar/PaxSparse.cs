using System.Text;

namespace Suite.Image.Graph.Tar;

/// <summary>
/// What the pax records GNU.sparse.* say about one file, in any of GNU tar's three ways (its manual, "PAX Format"): 0.0 has a record
/// for each number of the map, 0.1 one record with all of them, 1.0 has the map before the content.
/// </summary>
internal sealed class PaxSparse
{
    private readonly List<long> _numbers = [];
    private long _major;
    private long _minor;

    /// <summary>The file's name; what the header says instead is for readers that know nothing of sparse files.</summary>
    public byte[]? Name { get; private set; }

    /// <summary>The file's length with its holes.</summary>
    public long? RealSize { get; private set; }

    public bool IsMapInContent => (_major, _minor) == (1, 0);

    public bool IsKnown => IsMapInContent || _major == 0;

    public string Version => $"{_major}.{_minor}";

    public void Take(ReadOnlySpan<byte> key, ReadOnlySpan<byte> value)
    {
        switch (Encoding.ASCII.GetString(key))
        {
            case "major": _major = PaxRecords.Number(value, "sparse format"); break;
            case "minor": _minor = PaxRecords.Number(value, "sparse format"); break;
            case "name": Name = PaxRecords.NotEmpty(value); break;
            case "size" or "realsize": RealSize = PaxRecords.Number(value, "sparse file's size"); break;
            case "offset" or "numbytes": _numbers.Add(PaxRecords.Number(value, "sparse map")); break;
            case "map":
                foreach (var range in value.Split((byte)',')) _numbers.Add(PaxRecords.Number(value[range], "sparse map"));
                break;
        }
    }

    /// <summary>The map of 0.0 and 0.1.</summary>
    public SparseMap Map(TarLimits limits)
    {
        if (_numbers.Count % 2 != 0) throw PaxRecords.Bad("the sparse map has half a pair");
        var map = new SparseMap(limits);
        for (var i = 0; i < _numbers.Count; i += 2) map.Add(_numbers[i], _numbers[i + 1]);
        return map;
    }
}
