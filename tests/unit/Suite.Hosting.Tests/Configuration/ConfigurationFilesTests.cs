using Microsoft.Extensions.Configuration;
using Suite.Hosting.Configuration;
using Suite.Hosting.Flags;
using Suite.Linux.Errors;
using Suite.Testing.Files;

namespace Suite.Hosting.Tests.Configuration;

public sealed class ConfigurationFilesTests : IDisposable
{
    private readonly TempFolder _folder = new("hosting");

    public ConfigurationFilesTests() => Directory.CreateDirectory(_folder.Path("conf.d"));

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void The_last_source_wins_and_comments_are_allowed()
    {
        File.WriteAllText(_folder.Path("image.json"), """
            {
              // as shipped
              "a": 1, "b": 1, "c": 1, "list": ["x", "y"],
            }
            """);
        File.WriteAllText(_folder.Path("conf.d/20-site.json"), """{ "image": { "b": 3 }, "network": { "a": 9 } }""");
        File.WriteAllText(_folder.Path("conf.d/10-base.json"), """{ "image": { "b": 2, "c": 2 } }""");

        var configuration = Load("--set", "d=4");
        Assert.Equal(("1", "3", "2", "4"), (configuration["a"], configuration["b"], configuration["c"], configuration["d"]));
        Assert.Equal("y", configuration["list:1"]);
    }

    [Fact]
    public void A_file_that_is_not_JSON_is_named()
    {
        File.WriteAllText(_folder.Path("image.json"), "{ listen: }");
        var error = Assert.Throws<SuiteException>(() => Load());
        Assert.StartsWith(_folder.Path("image.json") + " is not valid JSON", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void No_file_at_all_is_fine() => Assert.Equal([new("x", "1")], Load("--set", "x=1").AsEnumerable());

    private IConfigurationRoot Load(params string[] args)
    {
        var builder = new ConfigurationBuilder();
        ConfigurationFiles.AddTo(builder, "image", HostFlags.Parse(["--config", _folder.FullName, .. args], _ => null));
        return builder.Build();
    }
}
