using System.Text.Json;
using Suite.Image.Endpoints;
using Suite.Oci.Images;

namespace Suite.Image.Tests.Endpoints;

public sealed class HealthCheckTests
{
    [Theory]
    [InlineData("""{ "Test": ["CMD-SHELL", "curl -f x"], "Interval": 1000, "Retries": 2 }""", "/bin/sh -c curl -f x", 1000, 2)]
    [InlineData("""{ "Test": ["CMD", "check", "-a"], "Interval": -5, "Retries": "many" }""", "check -a", 0, 0)]
    [InlineData("""{ "Test": ["NONE"] }""", "", 0, 0)]
    public void Dockers_words_for_a_check(string json, string command, long interval, uint retries)
    {
        var check = HealthChecks.Of(Config(json))!;
        Assert.Equal((command, interval, retries), (string.Join(' ', check.Test), check.Interval, check.Retries));
    }

    [Theory]
    [InlineData("""{ "Test": [] }""")]
    [InlineData("""{ "Test": ["CMD"] }""")]
    [InlineData("""{ "Test": ["CMD-SHELL", 5] }""")]
    [InlineData("""{ "Test": "CMD" }""")]
    [InlineData("{}")]
    [InlineData("[]")]
    public void What_is_no_check_is_none(string json) => Assert.Null(HealthChecks.Of(Config(json)));

    [Fact]
    public void An_image_with_a_shell_of_its_own_has_it_here_too()
    {
        var config = Config("""{ "Test": ["CMD-SHELL", "x"] }""");
        config.Others!["Shell"] = JsonSerializer.Deserialize<JsonElement>("""["/bin/ash", "-ec"]""");
        Assert.Equal(["/bin/ash", "-ec", "x"], HealthChecks.Of(config)!.Test);
    }

    private static ContainerConfig Config(string healthcheck) =>
        new() { Others = new Dictionary<string, JsonElement> { ["Healthcheck"] = JsonSerializer.Deserialize<JsonElement>(healthcheck) } };
}
