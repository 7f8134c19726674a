using System.Text.Json;
using Suite.Testing.Files;

namespace Suite.Architecture.Tests.Documents;

/// <summary>Each service has a unit and a commented configuration, and the promises that a unit makes are the same for all.</summary>
public sealed class DeploymentTests
{
    private static readonly string Deploy = Path.Combine(TestPaths.RepositoryRoot, "deploy");

    public static TheoryData<string> Services => ["runtime", "image", "network", "registry"];

    [Theory]
    [MemberData(nameof(Services))]
    public void A_restart_of_a_unit_leaves_containers_alone(string service)
    {
        var unit = File.ReadAllLines(Path.Combine(Deploy, "systemd", $"suite-{service}.service"));
        Assert.Contains("Type=notify", unit);
        Assert.Contains("KillMode=process", unit);
        Assert.Contains("Restart=always", unit);
        Assert.Contains("RuntimeDirectoryPreserve=yes", unit);
        Assert.Contains($"ExecStart=@LIB@/suite-{service}", unit);
    }

    [Theory]
    [MemberData(nameof(Services))]
    public void A_configuration_parses_and_says_what_its_settings_mean(string service)
    {
        var text = File.ReadAllText(Path.Combine(Deploy, "config", $"{service}.json"));
        var options = new JsonDocumentOptions { CommentHandling = JsonCommentHandling.Skip, AllowTrailingCommas = true };
        using var settings = JsonDocument.Parse(text, options);
        Assert.Equal(JsonValueKind.Object, settings.RootElement.ValueKind);
        Assert.Contains("//", text, StringComparison.Ordinal);
    }

    /// <summary>The registry touches its own files only: whatever it would need a capability for is a mistake.</summary>
    [Fact]
    public void The_registry_has_no_capability() =>
        Assert.Contains("CapabilityBoundingSet=", File.ReadAllLines(Path.Combine(Deploy, "systemd", "suite-registry.service")));

    /// <summary>Shims start under the runtime and keep its bounding set: cutting it would cut what a privileged container may have.</summary>
    [Fact]
    public void The_runtime_keeps_every_capability() =>
        Assert.DoesNotContain(
            File.ReadAllLines(Path.Combine(Deploy, "systemd", "suite-runtime.service")),
            line => line.StartsWith("CapabilityBoundingSet", StringComparison.Ordinal) || line.StartsWith("NoNewPrivileges", StringComparison.Ordinal));
}
