namespace Suite.Image.Graph.Tar;

/// <summary>
/// The map of GNU tar's own format, type flag S: four pairs in the header itself and 21 in each block that follows it, as long as a mark
/// says that one more does (GNU tar's manual, "Old GNU Format").
/// </summary>
internal static class GnuSparse
{
    public const byte Flag = (byte)'S';

    private const int Pair = 24;

    public static long RealSize(ReadOnlySpan<byte> header) => TarField.Number(header.Slice(483, 12), "sparse file's size");

    /// <returns>Whether an extension block follows.</returns>
    public static bool ReadHeader(ReadOnlySpan<byte> block, SparseMap map) => Read(block[386..482], block[482], map);

    /// <returns>Whether another one follows.</returns>
    public static bool ReadExtension(ReadOnlySpan<byte> block, SparseMap map) => Read(block[..504], block[504], map);

    /// <summary>Pairs up to the first one that is not filled.</summary>
    private static bool Read(ReadOnlySpan<byte> pairs, byte more, SparseMap map)
    {
        for (; !pairs.IsEmpty && pairs[0] != 0; pairs = pairs[Pair..])
            map.Add(TarField.Number(pairs[..12], "sparse map"), TarField.Number(pairs[12..Pair], "sparse map"));
        return more != 0;
    }
}
