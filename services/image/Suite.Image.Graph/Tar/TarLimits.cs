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
}
