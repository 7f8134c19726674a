using System.Globalization;
using Microsoft.Extensions.Configuration;
using Suite.Image.Options;
using Suite.Testing.Files;

namespace Suite.Image.Tests;

public sealed class ShippedConfigurationTests
{
    [Fact]
    public void The_file_that_is_shipped_says_what_the_defaults_are()
    {
        using var stream = File.OpenRead(Path.Combine(TestPaths.RepositoryRoot, "deploy", "config", "image.json"));
        var configuration = new ConfigurationBuilder().AddJsonStream(stream).Build();
        var defaults = new ImageOptions();
        Assert.Equal(
            ["builds", "deviceMapper", "graphDriver", "insecureRegistries", "logLevel", "maxLayerBytes", "maxLayerEntries", "parallelLayers", "pinnedImages", "progressTimeout", "searchRegistries"],
            configuration.GetChildren().Select(setting => setting.Key).Order(StringComparer.Ordinal));
        Assert.Equal(defaults.GraphDriver, configuration["graphDriver"]);
        Assert.Equal(defaults.DeviceMapper.ToOptions(), configuration.GetSection("deviceMapper").Get<DeviceMapperSettings>()!.ToOptions());
        Assert.Equal(11, configuration.GetSection("deviceMapper").GetChildren().Count());
        Assert.Equal(
            (defaults.Builds.MaxCacheBytes, defaults.Builds.MaxCacheHours),
            (long.Parse(configuration["builds:maxCacheBytes"]!, CultureInfo.InvariantCulture), int.Parse(configuration["builds:maxCacheHours"]!, CultureInfo.InvariantCulture)));
        Assert.Empty(configuration.GetSection("insecureRegistries").GetChildren());
        Assert.Empty(configuration.GetSection("searchRegistries").GetChildren());
        Assert.Empty(configuration.GetSection("pinnedImages").GetChildren());
        Assert.Equal(defaults.ParallelLayers, int.Parse(configuration["parallelLayers"]!, CultureInfo.InvariantCulture));
        Assert.Equal(defaults.ProgressTimeout, int.Parse(configuration["progressTimeout"]!, CultureInfo.InvariantCulture));
        Assert.Equal(defaults.MaxLayerBytes, long.Parse(configuration["maxLayerBytes"]!, CultureInfo.InvariantCulture));
        Assert.Equal(defaults.MaxLayerEntries, long.Parse(configuration["maxLayerEntries"]!, CultureInfo.InvariantCulture));
    }
}
