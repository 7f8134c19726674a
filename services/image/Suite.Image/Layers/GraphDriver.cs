using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using Suite.Image.Graph.DeviceMapper;
using Suite.Image.Graph.Drivers;
using Suite.Image.Options;

namespace Suite.Image.Layers;

/// <summary>The graph driver of the configuration, with a log for what it meets when nobody is there to be told.</summary>
internal static partial class GraphDriver
{
    public static IGraphDriver Open(string state, IOptions<ImageOptions> options, TimeProvider time, ILogger logger)
    {
        var driver = GraphDriverChoice.Open(options.Value.GraphDriver, state, options.Value.DeviceMapper.ToOptions(), time);
        if (driver is DeviceMapperDriver devices) devices.Trouble += trouble => PoolTrouble(logger, trouble.Message);
        return driver;
    }

    [LoggerMessage(LogLevel.Warning, "The thin pool needs attention: {Trouble}")]
    private static partial void PoolTrouble(ILogger logger, string trouble);
}
