using Microsoft.Extensions.Configuration;
using Suite.Testing.Files;

namespace Suite.Registry.Tests;

public sealed class ShippedConfigurationTests
{
    [Fact]
    public void The_file_that_is_shipped_says_what_the_defaults_are()
    {
        using var stream = File.OpenRead(Path.Combine(TestPaths.RepositoryRoot, "deploy", "config", "registry.json"));
        var configuration = new ConfigurationBuilder().AddJsonStream(stream).Build();
        var defaults = new RegistryOptions();
        Assert.Equal(defaults.Listen, configuration["listen"]);
        Assert.Equal(defaults.AllowPlainHttp, bool.Parse(configuration["allowPlainHttp"]!));
        Assert.Equal(defaults.WebPage, bool.Parse(configuration["webPage"]!));
        var shipped = new RegistryOptions();
        configuration.Bind(shipped);
        var json = System.Text.Json.JsonSerializer.Serialize(defaults);
        Assert.Equal(json, System.Text.Json.JsonSerializer.Serialize(shipped));
        Assert.Equal(defaults.UploadExpiry, TimeSpan.Parse(configuration["uploadExpiry"]!, System.Globalization.CultureInfo.InvariantCulture));
    }
}
