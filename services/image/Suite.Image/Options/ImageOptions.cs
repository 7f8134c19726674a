namespace Suite.Image.Options;

/// <summary>The settings of image.json.</summary>
internal sealed class ImageOptions
{
    /// <summary>Registries, as host or host:port, that may be spoken to without TLS. Loopback addresses always may.</summary>
    public IList<string> InsecureRegistries { get; } = [];

    /// <summary>Layers of one pull that are fetched and unpacked at the same time.</summary>
    public int ParallelLayers { get; set; } = 3;

    /// <summary>Seconds without a byte after which a pull is given up.</summary>
    public int ProgressTimeout { get; set; } = 60;

    /// <summary>Bytes that one layer may unpack to.</summary>
    public long MaxLayerBytes { get; set; } = 100L * 1024 * 1024 * 1024;
}
