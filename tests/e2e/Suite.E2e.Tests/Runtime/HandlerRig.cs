using System.Diagnostics;
using System.Text.Json;
using Runtime.V1;
using Suite.Linux.Cgroups;
using Suite.Testing.Files;
using Suite.Testing.Services;

namespace Suite.E2e.Tests.Runtime;

/// <summary>An instance with runc, crun and suite-oci as handlers, and what they say themselves of their containers.</summary>
internal static class HandlerRig
{
    /// <summary>Where each is, by its name as a handler.</summary>
    public static readonly IReadOnlyDictionary<string, string> Programs = new Dictionary<string, string>
    {
        ["runc"] = "/usr/sbin/runc",
        ["crun"] = "/usr/bin/crun",
        ["own"] = TestPaths.Executable("suite-oci"),
    };

    /// <summary>Handlers that can run pods on this machine: crun where there is cgroup v2 alone, as it refuses a host with both versions.</summary>
    public static TheoryData<string> Here => CgroupHost.Detect().Version == "v2" ? new("crun") : new("runc", "own");

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    public static async Task<(SuiteInstance Suite, KubernetesRig Rig)> StartAsync(string name)
    {
        var suite = await SuiteInstance.StartAsync(name, ["registry", "image", "network"]);
        var handlers = Programs.ToDictionary(pair => pair.Key, pair => new { path = pair.Value });
        await File.WriteAllTextAsync(Path.Combine(suite.Config, "runtime.json"), JsonSerializer.Serialize(new { handlers }), Token);
        await suite.StartServiceAsync("runtime");
        var rig = new KubernetesRig(suite);
        await rig.BuildImageAsync();
        return (suite, rig);
    }

    /// <summary>Ids of the containers that the runtime knows of.</summary>
    public static async Task<IReadOnlyList<string>> KnownAsync(SuiteInstance suite, string handler)
    {
        using var process = Process.Start(new ProcessStartInfo(Programs[handler], ["--root", Path.Combine(suite.Run, "handlers", handler), "list", "--quiet"]) { RedirectStandardOutput = true })!;
        var said = await process.StandardOutput.ReadToEndAsync(Token);
        await process.WaitForExitAsync(Token);
        return said.Split('\n', StringSplitOptions.RemoveEmptyEntries);
    }

    public static async Task<JsonElement> InfoAsync(KubernetesRig rig, string container) => JsonDocument.Parse(
        (await rig.Runtime.ContainerStatusAsync(new ContainerStatusRequest { ContainerId = container, Verbose = true }, cancellationToken: Token)).Info["info"]).RootElement;
}
