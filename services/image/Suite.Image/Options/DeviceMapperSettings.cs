using Suite.Image.Graph.DeviceMapper;

namespace Suite.Image.Options;

/// <summary>The section deviceMapper of image.json; sizes in bytes. What each means is said in deploy/config/image.json.</summary>
internal sealed class DeviceMapperSettings
{
    public string ThinPool { get; set; } = "";

    public string DataDevice { get; set; } = "";

    public string MetadataDevice { get; set; } = "";

    public long LoopDataBytes { get; set; } = new DeviceMapperOptions().LoopDataBytes;

    public long LoopDataMaxBytes { get; set; } = new DeviceMapperOptions().LoopDataMaxBytes;

    public long LoopMetadataBytes { get; set; } = new DeviceMapperOptions().LoopMetadataBytes;

    public long BaseBytes { get; set; } = new DeviceMapperOptions().BaseBytes;

    public string Filesystem { get; set; } = new DeviceMapperOptions().Filesystem;

    public long BlockBytes { get; set; } = new DeviceMapperOptions().BlockBytes;

    public int MinimumFreePercent { get; set; } = new DeviceMapperOptions().MinimumFreePercent;

    public int LowWaterPercent { get; set; } = new DeviceMapperOptions().LowWaterPercent;

    public DeviceMapperOptions ToOptions() => new()
    {
        ThinPool = ThinPool, DataDevice = DataDevice, MetadataDevice = MetadataDevice,
        LoopDataBytes = LoopDataBytes, LoopDataMaxBytes = LoopDataMaxBytes, LoopMetadataBytes = LoopMetadataBytes,
        BaseBytes = BaseBytes, Filesystem = Filesystem, BlockBytes = BlockBytes, MinimumFreePercent = MinimumFreePercent, LowWaterPercent = LowWaterPercent,
    };
}
