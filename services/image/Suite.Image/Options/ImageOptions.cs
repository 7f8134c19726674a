using Suite.Image.Graph.Tar;

namespace Suite.Image.Options;

/// <summary>The settings of image.json.</summary>
internal sealed class ImageOptions
{
    /// <summary>What keeps layers and root file systems: overlay, devicemapper or vfs.</summary>
    public string GraphDriver { get; set; } = "overlay";

    /// <summary>Counts for the driver devicemapper alone.</summary>
    public DeviceMapperSettings DeviceMapper { get; set; } = new();

    /// <summary>Registries, as host or host:port, that may be spoken to without TLS. Loopback addresses always may.</summary>
    public IList<string> InsecureRegistries { get; } = [];

    /// <summary>Registries to look in, in this order, for a name without a host. Empty: docker.io alone.</summary>
    public IList<string> SearchRegistries { get; } = [];

    /// <summary>Images, as names, that nobody removes to make room: kubelet is told so, and prune leaves them.</summary>
    public IList<string> PinnedImages { get; } = [];

    /// <summary>Layers of one pull that are fetched and unpacked at the same time.</summary>
    public int ParallelLayers { get; set; } = 3;

    /// <summary>
    /// Seconds without a byte after which a pull or push gives a host up, and goes on at the next one if there is any. For its answer to
    /// a blob that was pushed a registry has as many again for each GiB of it.
    /// </summary>
    public int ProgressTimeout { get; set; } = 60;

    /// <summary>Bytes that one layer may unpack to.</summary>
    public long MaxLayerBytes { get; set; } = 100L * 1024 * 1024 * 1024;

    /// <summary>Files, directories and links that one layer may have.</summary>
    public long MaxLayerEntries { get; set; } = 10_000_000;

    /// <summary>What builds keep for the next ones: steps, files of contexts, folders of cache mounts.</summary>
    public BuildSettings Builds { get; set; } = new();

    /// <summary>What the archive of a layer may ask for.</summary>
    public TarLimits ToLayerLimits() => new() { MaxEntries = MaxLayerEntries, MaxSparseBytes = MaxLayerBytes };
}

/// <summary>The section builds of image.json.</summary>
internal sealed class BuildSettings
{
    /// <summary>Bytes that may be kept; the longest unused goes first. 0: no limit.</summary>
    public long MaxCacheBytes { get; set; } = 20L * 1024 * 1024 * 1024;

    /// <summary>Hours after which what was not used goes. 0: no limit.</summary>
    public int MaxCacheHours { get; set; } = 30 * 24;

    /// <summary>Seconds that one command of git may take, such as the fetch of a repository.</summary>
    public int GitTimeout { get; set; } = 600;
}
