namespace Suite.Image.Graph.Tar;

/// <summary>Bounds of what a stranger's archive may ask for. Content itself is bounded by whoever supplies the stream.</summary>
internal sealed record TarLimits
{
    public static TarLimits Default { get; } = new();

    /// <summary>Linux takes no path longer than PATH_MAX.</summary>
    public int MaxName { get; init; } = 4095;

    /// <summary>Room for a few extended attributes of 64 KiB; Go's reader stops at the same size.</summary>
    public int MaxExtendedHeader { get; init; } = 1024 * 1024;

    /// <summary>Inodes are a resource too: more than any real image has.</summary>
    public long MaxEntries { get; init; } = 10_000_000;

    /// <summary>Pieces of one sparse file: 16 bytes of memory each.</summary>
    public int MaxSparsePieces { get; init; } = 1_000_000;

    /// <summary>
    /// Length of all sparse files of an archive, holes included. Holes take no room, but whoever copies, exports or commits such a file
    /// goes through them.
    /// </summary>
    public long MaxSparseBytes { get; init; } = 100L << 30;
}
