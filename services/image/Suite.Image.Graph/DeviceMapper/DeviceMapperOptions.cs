namespace Suite.Image.Graph.DeviceMapper;

/// <summary>The settings of the driver; sizes in bytes.</summary>
internal sealed record DeviceMapperOptions
{
    /// <summary>A thin pool that is there, by its name in /dev/mapper. Empty: one of our own, on two files.</summary>
    public string ThinPool { get; init; } = "";

    /// <summary>Block devices for a pool of our own, instead of files. Both, or none.</summary>
    public string DataDevice { get; init; } = "";

    public string MetadataDevice { get; init; } = "";

    /// <summary>Length of the data file at first. It is sparse: it takes what is written.</summary>
    public long LoopDataBytes { get; init; } = 10L << 30;

    /// <summary>Length up to which the data file grows when the pool gets full.</summary>
    public long LoopDataMaxBytes { get; init; } = 100L << 30;

    public long LoopMetadataBytes { get; init; } = 1L << 30;

    /// <summary>Size of the file system that each container sees.</summary>
    public long BaseBytes { get; init; } = 10L << 30;

    /// <summary>That file system: ext4 or xfs, for a pool without devices in it.</summary>
    public string Filesystem { get; init; } = "ext4";

    /// <summary>What the pool hands out at once: 64 KiB to 1 GiB, a multiple of 64 KiB.</summary>
    public long BlockBytes { get; init; } = 64 << 10;

    /// <summary>Percent of the pool, data or metadata, below which nothing new is made.</summary>
    public int MinimumFreePercent { get; init; } = 10;

    /// <summary>Percent of the data below which a pool on files grows.</summary>
    public int LowWaterPercent { get; init; } = 25;
}
